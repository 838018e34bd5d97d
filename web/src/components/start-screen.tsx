import type { JSX } from "preact";
import { Composer, FilePicker } from "./composer.js";

/** What a reviewer sees before there is any work. */
export const StartScreen = (): JSX.Element => (
  <main class="start">
    <h2>Whom and what does this caption name?</h2>
    <p class="lead">
      Each name is linked to an entity of your knowledge base, all names of a caption together. You check the
      answers and take them with you.
    </p>
    <Composer />
    <div class="start-files">
      <h3>Or open files</h3>
      <p>
        Drop them anywhere on this page, or <FilePicker />: captions or links in JSON Lines, and their
        pictures. Links need the captions file that they were made from, for its texts.
      </p>
    </div>
    <p class="soft">
      Your work is kept in this browser until you remove it. Captions are sent to this server only, to be
      linked.
    </p>
  </main>
);
