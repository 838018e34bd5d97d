import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { locateNames } from "../../../src/formats/locate-names.js";
import { type App, addCaptions } from "../app/index.js";
import { useApp, useStore } from "../components/context.js";
import { Dialog } from "../components/dialog.js";
import { useObjectUrl } from "../components/use-picture.js";
import type { Item } from "../review/index.js";
import type { FoundCaption } from "./picture-caption.js";
import type { PictureFile } from "./picture-files.js";
import { usePictureCaptions } from "./use-picture-captions.js";
import { count } from "./words.js";

/** Number of pictures to show at first. Decoding hundreds of pictures would make the page slow. */
const PAGE_SIZE = 20;

/** Shows the captions in several pictures, and lets the reviewer correct them and write those that are missing. */
export function PicturesDialog(): JSX.Element {
  const app = useApp();
  const pictures = useStore(app.desk.pictures);
  const found = usePictureCaptions(pictures);
  const [written, setWritten] = useState<ReadonlyMap<PictureFile, string>>(new Map());
  const [limit, setLimit] = useState(PAGE_SIZE);
  const [onlyMissing, setOnlyMissing] = useState(false);
  useEffect(() => setWritten(new Map()), [pictures]);
  const textOf = (picture: PictureFile): string =>
    written.get(picture) ?? found.get(picture)?.caption?.text ?? "";
  const isRead = found.size === pictures.length;
  const missing = pictures.filter((picture) => isRead && found.get(picture)?.caption === undefined);
  const shown = onlyMissing ? missing : pictures;
  const filled = pictures.filter((picture) => textOf(picture).trim() !== "");
  return (
    <Dialog title={`Captions for ${count(pictures.length, "picture")}`} wide keepOpen>
      <form
        class="pictures"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isRead || filled.length === 0) return;
          openCaptions(app, pictures, (picture) => itemOf(picture, textOf(picture), found.get(picture)));
        }}
      >
        <p class="soft">
          Captions and names of people are read from the pictures. Write those that are missing: pictures
          without a caption are left out. If your captions are in a spreadsheet, drop it together with the
          pictures, with a column for the file names.
        </p>
        {missing.length > 0 && missing.length < pictures.length && (
          <label class="check">
            <input
              type="checkbox"
              checked={onlyMissing}
              onChange={({ currentTarget }) => setOnlyMissing(currentTarget.checked)}
            />
            Show only the {count(missing.length, "picture")} in which no caption was found
          </label>
        )}
        <ol>
          {shown.slice(0, limit).map((picture, index) => (
            <PictureRow
              key={picture.path}
              picture={picture}
              found={found.get(picture)}
              autofocus={index === 0}
              text={textOf(picture)}
              onText={(text) => setWritten(new Map(written).set(picture, text))}
            />
          ))}
        </ol>
        {limit < shown.length && (
          <p>
            <button type="button" class="quiet" onClick={() => setLimit(limit + PAGE_SIZE)}>
              Show {Math.min(PAGE_SIZE, shown.length - limit)} more of {shown.length}
            </button>
          </p>
        )}
        <p class="dialog-actions sticky">
          <span class="soft" role="status">
            {isRead
              ? `${filled.length} of ${count(pictures.length, "picture")} with a caption`
              : `Reading the captions in the pictures: ${found.size} of ${pictures.length}…`}
          </span>
          <button type="submit" class="primary" disabled={!isRead || filled.length === 0}>
            Link {filled.length === 0 ? "captions" : count(filled.length, "caption")}
          </button>
        </p>
      </form>
    </Dialog>
  );
}

/** Opens the captions of pictures, and lists the pictures that have none. */
function openCaptions(
  app: App,
  pictures: readonly PictureFile[],
  caption: (picture: PictureFile) => Partial<Item> & { readonly text: string },
): void {
  const all = pictures.map((picture) => ({ picture, item: caption(picture) }));
  const captioned = all.filter(({ item }) => item.text !== "");
  const left = all.filter(({ item }) => item.text === "").map(({ picture }) => picture.path);
  addCaptions(
    app,
    captioned.map(({ picture, item }) => ({ text: item.text, picture: picture.file, item })),
  );
  if (left.length === 0) return;
  app.notice.set({
    text: `Opened ${count(captioned.length, "caption")}; left out ${count(left.length, "picture")} without a caption.`,
    tone: "problem",
    details:
      left.length <= MAX_LISTED
        ? left
        : [...left.slice(0, MAX_LISTED), `and ${left.length - MAX_LISTED} more`],
  });
}

/** Maximum number of pictures in a message. */
const MAX_LISTED = 20;

/** Returns the caption of a picture. In a text that the reviewer changed, the names of people are found again. */
function itemOf({ path }: PictureFile, text: string, found: FoundCaption | undefined) {
  const { caption } = found ?? {};
  const item = { id: path, ...caption, image: path };
  if (caption === undefined || caption.text === text) return { ...item, text: text.trim() };
  const trimmed = text.trim();
  const spans = locateNames(
    trimmed,
    caption.marks.map((mark) => mark.text),
  );
  const marks = caption.marks.flatMap(({ start: _, end: __, ...mark }, at) =>
    spans[at] === undefined ? [] : [{ ...mark, ...spans[at] }],
  );
  return { ...item, text: trimmed, marks: marks.sort((a, b) => a.start - b.start) };
}

interface PictureRowProps {
  readonly picture: PictureFile;
  /** Undefined until the picture is read. */
  readonly found: FoundCaption | undefined;
  readonly autofocus: boolean;
  readonly text: string;
  readonly onText: (text: string) => void;
}

function PictureRow({ picture, found, autofocus, text, onText }: PictureRowProps): JSX.Element {
  const src = useObjectUrl(picture.file);
  const names = found?.caption?.marks.map((mark) => mark.text) ?? [];
  return (
    <li>
      <span class="thumbnail">
        {src !== undefined && (
          <img
            src={src}
            alt=""
            loading="lazy"
            onError={({ currentTarget }) => (currentTarget.hidden = true)}
          />
        )}
      </span>
      <div class="picture-caption">
        <label>
          <bdi class="soft">{picture.path}</bdi>
          <textarea
            rows={2}
            dir="auto"
            autofocus={autofocus}
            value={text}
            onInput={({ currentTarget }) => onText(currentTarget.value)}
          />
        </label>
        {names.length > 0 && (
          <p>
            <span class="soft">People shown:</span> <bdi>{names.join(" · ")}</bdi>
          </p>
        )}
        {found?.problems.map((problem) => (
          <p key={problem} class="soft">
            {asSentence(problem)}
          </p>
        ))}
      </div>
    </li>
  );
}

const asSentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
