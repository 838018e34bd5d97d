import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { addCaptions } from "../app/index.js";
import { useApp, useStore } from "../components/context.js";
import { Dialog } from "../components/dialog.js";
import { useObjectUrl } from "../components/use-picture.js";
import { count } from "./words.js";

/** Number of pictures to show at first. Decoding hundreds of pictures would make the page slow. */
const PAGE_SIZE = 20;

/** Lets the reviewer write a caption for each of several pictures. */
export function PicturesDialog(): JSX.Element {
  const app = useApp();
  const pictures = useStore(app.desk.pictures);
  const [texts, setTexts] = useState<ReadonlyMap<File, string>>(new Map());
  const [limit, setLimit] = useState(PAGE_SIZE);
  const written = pictures.flatMap((picture) => {
    const text = texts.get(picture)?.trim() ?? "";
    return text === "" ? [] : [{ text, picture }];
  });
  return (
    <Dialog title={`Captions for ${count(pictures.length, "picture")}`} wide keepOpen>
      <form
        class="pictures"
        onSubmit={(event) => {
          event.preventDefault();
          if (written.length > 0) addCaptions(app, written);
        }}
      >
        <p class="soft">
          Write what each picture shows. Pictures without a caption are left out. If your captions are in a
          spreadsheet, drop it together with the pictures, with a column for the file names.
        </p>
        <ol>
          {pictures.slice(0, limit).map((picture, index) => (
            <PictureRow
              key={`${index} ${picture.name}`}
              picture={picture}
              autofocus={index === 0}
              text={texts.get(picture) ?? ""}
              onText={(text) => setTexts(new Map(texts).set(picture, text))}
            />
          ))}
        </ol>
        {limit < pictures.length && (
          <p>
            <button type="button" class="quiet" onClick={() => setLimit(limit + PAGE_SIZE)}>
              Show {Math.min(PAGE_SIZE, pictures.length - limit)} more of {pictures.length}
            </button>
          </p>
        )}
        <p class="dialog-actions sticky">
          <span class="soft" role="status">
            {written.length} of {count(pictures.length, "picture")} with a caption
          </span>
          <button type="submit" class="primary" disabled={written.length === 0}>
            Link {written.length === 0 ? "captions" : count(written.length, "caption")}
          </button>
        </p>
      </form>
    </Dialog>
  );
}

interface PictureRowProps {
  readonly picture: File;
  readonly autofocus: boolean;
  readonly text: string;
  readonly onText: (text: string) => void;
}

function PictureRow({ picture, autofocus, text, onText }: PictureRowProps): JSX.Element {
  const src = useObjectUrl(picture);
  return (
    <li>
      <span class="thumbnail">{src !== undefined && <img src={src} alt="" loading="lazy" />}</span>
      <label>
        <bdi class="soft">{picture.name}</bdi>
        <textarea
          rows={2}
          dir="auto"
          autofocus={autofocus}
          value={text}
          onInput={({ currentTarget }) => onText(currentTarget.value)}
        />
      </label>
    </li>
  );
}
