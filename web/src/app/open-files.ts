import { type BadLine, type FileContents, fitsCaption, joinLinks, readFile } from "../files/index.js";
import type { Item, WireLinks } from "../review/index.js";
import type { App } from "./app.js";
import { currentPlace } from "./commands.js";

const isPicture = ({ type, name }: File): boolean =>
  type.startsWith("image/") || /\.(jpe?g|png|webp|gif|avif|bmp|tiff?|svg)$/i.test(name);

/**
 * Opens files that contain captions, links or pictures. Joins links to captions by id, and pictures to captions by file
 * name.
 */
export async function openFiles(app: App, files: readonly File[]): Promise<void> {
  const texts = files.filter((file) => !isPicture(file));
  if (texts.length > 0) await openTexts(app, texts);
  const pictures = files.filter(isPicture);
  if (pictures.length > 0) addPictures(app, pictures, texts.length > 0);
}

async function openTexts(app: App, files: readonly File[]): Promise<void> {
  try {
    const contents = await Promise.all(files.map(async (file) => readFile(file.name, await contentOf(file))));
    addContents(app, {
      items: contents.flatMap(({ items }) => items),
      links: contents.flatMap(({ links }) => links),
      bad: contents.flatMap(({ bad }) => bad),
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    app.notice.set({ text: `The file could not be read: ${reason}`, tone: "problem" });
  }
}

const contentOf = (file: File): Promise<string> =>
  file.name.endsWith(".gz")
    ? new Response(file.stream().pipeThrough(new DecompressionStream("gzip"))).text()
    : file.text();

function addContents(app: App, { items, links, bad }: FileContents): void {
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
  app.dispatch({ kind: "linked", item: item.id, asked: item.marks, links });
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
 * the caption under review or, if that has a picture, starts a draft of a new caption. It does neither if it was opened
 * together with captions or links (`withTexts`).
 */
function addPictures(app: App, files: readonly File[], withTexts: boolean): void {
  const { items } = app.work.get();
  const unused = files.filter((file) => {
    const owners = items.filter(({ image }) => image !== undefined && fileName(image) === file.name);
    for (const { id } of owners) app.keepPicture(id, file);
    return owners.length === 0;
  });
  const matched = files.length - unused.length;
  const [first] = unused;
  if (first !== undefined && unused.length === 1 && !withTexts && matched === 0) {
    const open = currentPlace(app.work.get())?.item;
    if (open !== undefined && app.dialog.get() === undefined && !app.pictures.get().has(open.id)) {
      addPicture(app, open, first);
      return;
    }
    app.draft.set({ ...app.draft.get(), picture: first });
    if (items.length > 0) app.dialog.set("compose");
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

/** Adds a picture to an open caption, which is then linked again. */
export function addPicture(app: App, { id }: Item, picture: File): void {
  app.keepPicture(id, picture);
  app.dispatch({ kind: "image", item: id, image: picture.name });
  app.notice.set({ text: `Added ${picture.name} to the caption.`, tone: "done", undo: true });
}

const fileName = (path: string): string => path.split(/[/\\]/).at(-1)!;

/** Adds a caption that the reviewer typed or pasted. Its names are detected when it is linked. */
export function addCaption(app: App, text: string, picture: File | undefined): void {
  const { items } = app.work.get();
  const ids = new Set(items.map(({ id }) => id));
  let number = items.length + 1;
  while (ids.has(`caption-${number}`)) number++;
  const id = `caption-${number}`;
  if (picture !== undefined) app.keepPicture(id, picture);
  const image = picture?.name;
  app.dispatch({ kind: "add", items: [{ id, text, marks: [], ...(image !== undefined && { image }) }] });
  app.dispatch({ kind: "go", to: { item: id, mark: 0 } });
  app.draft.set({ text: "" });
  app.dialog.set(undefined);
}
