import type { TableTask } from "../catalogue/desk.js";
import { captionIn } from "../catalogue/picture-caption.js";
import { isPictureOf, isSidecar, type PictureFile, picturesOf } from "../catalogue/picture-files.js";
import {
  type BadLine,
  type FileContents,
  fileLines,
  fitsCaption,
  joinLinks,
  readRecords,
} from "../files/index.js";
import type { Item, WireLinks } from "../review/index.js";
import type { ExportKind } from "../storage/index.js";
import type { App } from "./app.js";
import { currentPlace } from "./commands.js";

const isPicture = ({ type, name }: File): boolean =>
  type.startsWith("image/") || /\.(jpe?g|png|webp|gif|avif|bmp|tiff?|svg)$/i.test(name);

/** Returns whether a file is a table. The service reads tables, and also explains which tables it cannot read. */
const isTable = ({ name }: File): boolean => /\.(csv|tsv|tab|txt|xlsx?|ods)(\.gz)?$/i.test(name);

/**
 * Opens files that contain captions, links, pictures or a catalogue. Joins links to captions by id, and pictures to
 * captions by file name. Tables and catalogues open a dialog, in which the reviewer checks their columns.
 */
export async function openFiles(app: App, files: readonly File[]): Promise<void> {
  const pictures = picturesOf(files.filter(isPicture), files.filter(isSidecar));
  const [table, ...otherTables] = files.filter(isTable);
  const texts = files.filter((file) => !isPicture(file) && !isTable(file) && !isSidecar(file));
  const task = app.desk.task.get();
  if (app.dialog.get() === "table" && task.as === "entities" && files[0] !== undefined) {
    app.desk.task.set({ ...task, file: files[0] });
    return;
  }
  const catalogue =
    table === undefined && texts[0] !== undefined && (await isCatalogue(texts[0])) && texts[0];
  if (catalogue) return openTable(app, { as: "entities", file: catalogue });
  if (texts.length > 0) await openTexts(app, texts);
  if (table !== undefined) openTable(app, { as: "captions", file: table, pictures });
  else if (pictures.length > 0) addPictures(app, pictures, texts.length > 0);
  if (files.length > 0 && files.every(isSidecar))
    app.notice.set({ text: "Open the sidecars (.xmp) together with their pictures.", tone: "problem" });
  if (otherTables.length > 0)
    app.notice.set({ text: "Only the first table was opened. Open one table at a time.", tone: "problem" });
}

/** Returns whether the first line of a file is an entity instead of a caption or links. */
async function isCatalogue(file: File): Promise<boolean> {
  try {
    for await (const line of fileLines(file)) {
      if (line.trim() === "") continue;
      const value = JSON.parse(line) as object;
      return "id" in value && ("label" in value || "labels" in value) && !("text" in value);
    }
  } catch {
    // the file is opened as captions, which explains what is wrong
  }
  return false;
}

/** Opens the dialog for a table or a catalogue. Without a file, the dialog asks for one. */
export function openTable(app: App, task: TableTask): void {
  app.desk.task.set(task);
  app.dialog.set("table");
}

/**
 * Makes the export have the form in which captions came in, until the reviewer chooses another. `delimiter` is what
 * divides the columns of a text.
 */
export function exportLike(app: App, kind: ExportKind, delimiter?: string): void {
  const { delimiter: _, ...others } = app.preferences.get();
  app.preferences.set({ ...others, export: kind, ...(delimiter !== undefined && { delimiter }) });
}

async function openTexts(app: App, files: readonly File[]): Promise<void> {
  try {
    const contents = await Promise.all(files.map((file) => readRecords(file.name, fileLines(file))));
    addContents(app, {
      items: contents.flatMap(({ items }) => items),
      links: contents.flatMap(({ links }) => links),
      bad: contents.flatMap(({ bad }) => bad),
    });
    if (contents.some(({ items }) => items.length > 0)) exportLike(app, "captions-reviewed.jsonl");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    app.notice.set({ text: `The file could not be read: ${reason}`, tone: "problem" });
  }
}

/** Adds captions and links, and tells the reviewer how many. */
export function addContents(app: App, { items, links, bad }: FileContents): void {
  const openIds = new Set(app.work.get().items.map(({ id }) => id));
  const added = firstOfEachId(items.filter(({ id }) => !openIds.has(id)));
  const joined = joinLinks(added, [...app.orphans.get(), ...links]);
  if (added.length > 0) app.dispatch({ kind: "add", items: joined.items, linkings: joined.linkings });
  const attached = joined.orphans.filter((orphan) => attachLinks(app, orphan));
  app.orphans.set(joined.orphans.filter((orphan) => !attached.includes(orphan)));
  const skipped = items.length - added.length;
  report(app, { added: added.length, skipped, attached: attached.length, bad });
}

const firstOfEachId = (items: readonly Item[]): Item[] =>
  [...new Map([...items].reverse().map((item) => [item.id, item])).values()].reverse();

/**
 * Attaches links to the open caption with the same id. Returns false if no caption with this id is open or if the links
 * do not match the caption's text.
 */
function attachLinks(app: App, links: WireLinks): boolean {
  const item = app.work.get().items.find(({ id }) => id === links.id);
  if (item === undefined || !fitsCaption(item, links)) return false;
  app.dispatch({ kind: "linked", item: item.id, asked: item.marks, links, fromFile: true });
  return true;
}

interface Counts {
  readonly added: number;
  readonly skipped: number;
  readonly attached: number;
  readonly bad: readonly BadLine[];
}

function report(app: App, { added, skipped, attached, bad }: Counts): void {
  const orphans = app.orphans.get();
  const parts = [
    added > 0 ? `opened ${captions(added)}` : "",
    attached > 0 ? `added links to ${captions(attached)}` : "",
    skipped > 0 ? `skipped ${captions(skipped)} already open` : "",
    orphans.length > 0 ? `to show the links of ${captions(orphans.length)}, also open the captions file` : "",
    bad.length > 0 ? `skipped ${bad.length === 1 ? "1 invalid line" : `${bad.length} invalid lines`}` : "",
  ].filter((part) => part !== "");
  const text = parts.length === 0 ? "The file is empty." : `${parts.join("; ")}.`;
  app.notice.set({
    text: text[0]!.toUpperCase() + text.slice(1),
    tone: bad.length > 0 || parts.length === 0 || orphans.length > 0 ? "problem" : "done",
    details: bad.slice(0, 20).map(({ file, line, reason }) => `${file}, line ${line}: ${reason}`),
  });
}

const captions = (count: number): string => (count === 1 ? "1 caption" : `${count} captions`);

/**
 * Adds pictures to the captions whose `image` has the same file name. A single picture that no caption refers to joins
 * the caption under review or, if that has a picture, starts a draft of a new caption. For several such pictures, a
 * dialog asks for their captions. Does none of this if the pictures were opened together with captions or links
 * (`withTexts`).
 */
export function addPictures(app: App, files: readonly PictureFile[], withTexts: boolean): void {
  const { items } = app.work.get();
  const unused = files.filter((picture) => {
    const owners = items.filter(({ image }) => image !== undefined && isPictureOf(image, picture));
    for (const { id } of owners) app.keepPicture(id, picture.file);
    return owners.length === 0;
  });
  const matched = files.length - unused.length;
  const [first] = unused;
  if (first !== undefined && unused.length === 1 && !withTexts && matched === 0) {
    const open = currentPlace(app.work.get())?.item;
    if (open !== undefined && app.dialog.get() === undefined && !app.pictures.get().has(open.id)) {
      addPicture(app, open, first.file);
      return;
    }
    app.draft.set({ ...app.draft.get(), picture: first.file });
    if (items.length > 0) app.dialog.set("compose");
    void offerCaption(app, first);
    return;
  }
  if (first !== undefined && !withTexts && matched === 0) {
    askForCaptions(app, unused);
    return;
  }
  if (withTexts && matched === 0 && unused.length === 0) return;
  const skipped =
    unused.length === 0
      ? ""
      : ` Skipped ${unused.length === 1 ? "1 picture" : `${unused.length} pictures`} that no caption refers to.`;
  app.notice.set({
    text: `Added ${matched} of ${files.length} ${files.length === 1 ? "picture" : "pictures"} to captions.${skipped}`,
    tone: unused.length === 0 ? "done" : "problem",
  });
}

/** Opens the dialog with the captions in pictures, in which the reviewer writes those that are missing. */
function askForCaptions(app: App, pictures: readonly PictureFile[]): void {
  app.desk.pictures.set(pictures);
  app.dialog.set("pictures");
}

/** Shows the caption in the picture of the draft, if it has one, unless the reviewer has begun to write. */
async function offerCaption(app: App, picture: PictureFile): Promise<void> {
  const { caption } = await captionIn(app.desk.api, picture);
  const draft = app.draft.get();
  if (caption === undefined || draft.picture !== picture.file || draft.text !== "") return;
  app.draft.set({ text: "" });
  askForCaptions(app, [picture]);
}

/** Adds a picture to an open caption, which is then linked again. */
export function addPicture(app: App, { id }: Item, picture: File): void {
  app.keepPicture(id, picture);
  app.dispatch({ kind: "image", item: id, image: picture.name });
  app.notice.set({ text: `Added ${picture.name} to the caption.`, tone: "done", undo: true });
}

/** A caption that the reviewer typed or pasted, or that was read from a picture. */
interface NewCaption {
  readonly text: string;
  readonly picture?: File | undefined;
  /** The other fields, if they are known. An id that is taken is replaced. */
  readonly item?: Partial<Item> | undefined;
}

/** Adds captions and shows the first of them. Their names are detected when they are linked, unless they have names. */
export function addCaptions(app: App, captions: readonly NewCaption[]): void {
  const { items } = app.work.get();
  const ids = new Set(items.map(({ id }) => id));
  let number = items.length;
  const freeId = (wanted: string | undefined): string => {
    if (wanted !== undefined && !ids.has(wanted)) return wanted;
    do number++;
    while (ids.has(`caption-${number}`));
    return `caption-${number}`;
  };
  const added = captions.map(({ text, picture, item }): Item => {
    const id = freeId(item?.id);
    ids.add(id);
    if (picture !== undefined) app.keepPicture(id, picture);
    return { marks: [], ...(picture !== undefined && { image: picture.name }), ...item, id, text };
  });
  app.dispatch({ kind: "add", items: added });
  if (added[0] !== undefined) app.dispatch({ kind: "go", to: { item: added[0].id, mark: 0 } });
  app.draft.set({ text: "" });
  app.dialog.set(undefined);
}
