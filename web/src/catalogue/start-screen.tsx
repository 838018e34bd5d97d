import type { JSX } from "preact";
import { addCaptions, openFiles } from "../app/index.js";
import { Composer } from "../components/composer.js";
import { useApp, useStore } from "../components/context.js";
import { CheckIcon, ExportIcon } from "../components/icons.js";
import { currentCatalogue } from "./catalogues.js";
import { addCatalogue } from "./commands.js";
import { CAPTION_FILES, CATALOGUE_FILES, FileButton } from "./file-drop.js";
import { count } from "./words.js";

/** Shows the three steps of the work while no caption is open. */
export const StartScreen = (): JSX.Element => (
  <main class="start">
    <h2>Who is in this caption?</h2>
    <p class="lead">
      Each name in a caption is linked to an entry in your catalogue. All names in a caption are considered
      together.
    </p>
    <ol class="start-steps">
      <CatalogueStep />
      <CaptionsStep />
      <li class="start-step">
        <h3>Review</h3>
        <p>
          The page proposes an entry for each name and starts with the names that it is least sure of. You
          accept or correct each proposal and save the result.
        </p>
        <p class="start-icons soft">
          <span>
            <CheckIcon /> accept or correct
          </span>
          <span>
            <ExportIcon /> export
          </span>
        </p>
      </li>
    </ol>
    <p class="soft">
      Your work is saved in this browser until you remove it. Files and captions are sent only to this server.
    </p>
  </main>
);

/** The first step: the demo's catalogue to try, or the reviewer's own. */
function CatalogueStep(): JSX.Element {
  const app = useApp();
  const state = useStore(app.desk.list.state);
  const { catalogue: chosen } = useStore(app.preferences);
  const current = currentCatalogue(state, chosen);
  const isWritable = state.kind === "ready" && state.writable;
  return (
    <li class="start-step" data-drop={isWritable ? "catalogue" : undefined}>
      <h3>Catalogue</h3>
      <div class="start-catalogue" aria-live="polite">
        {state.kind === "loading" && <span class="soft">Loading…</span>}
        {state.kind === "failed" && (
          <span class="problem-text">
            The catalogue could not be loaded: {state.message}.{" "}
            <button type="button" class="link" onClick={() => void app.desk.list.reload()}>
              Retry
            </button>
          </span>
        )}
        {current !== undefined && (
          <>
            <strong>
              <bdi>{current.title}</bdi>
            </strong>
            <span class="soft">
              {count(current.entities, "entity")}
              {current.name === "demo" && " to try the page with"}
            </span>
          </>
        )}
      </div>
      {isWritable && (
        <>
          <p>Drop a spreadsheet with your own people, places or things here, one in each row.</p>
          <p class="drop-buttons">
            <FileButton
              label="File of a new catalogue"
              accept={CATALOGUE_FILES}
              onFiles={([file]) => addCatalogue(app, file)}
            >
              Add your catalogue…
            </FileButton>
          </p>
        </>
      )}
      {state.kind === "ready" && !state.writable && (
        <p class="soft">The person who runs this service chooses its catalogues.</p>
      )}
    </li>
  );
}

const EXAMPLE = "Jordan, Pippen and Rodman walk back on defence, Chicago, 1996.";

/** The second step: files of captions, or one caption that the reviewer types. */
function CaptionsStep(): JSX.Element {
  const app = useApp();
  const state = useStore(app.desk.list.state);
  const { catalogue: chosen } = useStore(app.preferences);
  const open = (files: readonly File[]): void => void openFiles(app, files);
  return (
    <li class="start-step captions">
      <h3>Captions</h3>
      <p>
        Drop a spreadsheet with your captions or a folder of pictures anywhere on this page, or write one
        caption.
      </p>
      <p class="drop-buttons">
        <FileButton
          label="Files with captions, links and pictures"
          accept={CAPTION_FILES}
          multiple
          onFiles={open}
        >
          Choose files…
        </FileButton>
        <FileButton label="Folder of pictures" accept="" folder onFiles={open}>
          Choose a folder…
        </FileButton>
        {currentCatalogue(state, chosen)?.name === "demo" && (
          <button type="button" class="link" onClick={() => addCaptions(app, [{ text: EXAMPLE }])}>
            Try an example
          </button>
        )}
      </p>
      <Composer />
    </li>
  );
}
