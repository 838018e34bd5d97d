import { type BadLine, type FileContents, fits, join, readFile } from "../files/index.js";
import type { Item, WireLinks } from "../review/index.js";
import type { App } from "./app.js";

const isPicture = ({ type, name }: File): boolean =>
  type.startsWith("image/") || /\.(jpe?g|png|webp|gif|avif|bmp|tiff?|svg)$/i.test(name);

/** Takes in what was dropped, pasted or chosen: captions and links files are joined by id, pictures by file name. */
export async function openFiles(app: App, files: readonly File[]): Promise<void> {
  const texts = files.filter((file) => !isPicture(file));
  if (texts.length > 0) await openTexts(app, texts);
  const pictures = files.filter(isPicture);
  if (pictures.length > 0) takePictures(app, pictures, texts.length > 0);
}

async function openTexts(app: App, files: readonly File[]): Promise<void> {
  try {
    const read = await Promise.all(files.map(async (file) => readFile(file.name, await contentOf(file))));
    takeContents(app, {
      items: read.flatMap(({ items }) => items),
      links: read.flatMap(({ links }) => links),
      bad: read.flatMap(({ bad }) => bad),
    });
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    app.notice.set({ text: `The file could not be read: ${words}`, tone: "problem" });
  }
}

const contentOf = (file: File): Promise<string> =>
  file.name.endsWith(".gz")
    ? new Response(file.stream().pipeThrough(new DecompressionStream("gzip"))).text()
    : file.text();

function takeContents(app: App, { items, links, bad }: FileContents): void {
  const open = new Set(app.work.get().items.map(({ id }) => id));
  const fresh = firstOfEach(items.filter(({ id }) => !open.has(id)));
  const joined = join(fresh, [...app.orphans.get(), ...links]);
  if (fresh.length > 0) app.dispatch({ kind: "add", items: joined.items, linkings: joined.linkings });
  const answered = joined.orphans.filter((one) => answer(app, one));
  app.orphans.set(joined.orphans.filter((one) => !answered.includes(one)));
  const known = items.length - fresh.length;
  report(app, { fresh: fresh.length, known, answered: answered.length, bad });
}

const firstOfEach = (items: readonly Item[]): Item[] =>
  [...new Map([...items].reverse().map((item) => [item.id, item])).values()].reverse();

/** Gives links to the caption that is open already. */
function answer(app: App, links: WireLinks): boolean {
  const item = app.work.get().items.find(({ id }) => id === links.id);
  if (item === undefined || !fits(item, links)) return false;
  app.dispatch({ kind: "linked", item: item.id, asked: item.marks, links });
  return true;
}

interface Taken {
  readonly fresh: number;
  readonly known: number;
  readonly answered: number;
  readonly bad: readonly BadLine[];
}

function report(app: App, { fresh, known, answered, bad }: Taken): void {
  const orphans = app.orphans.get();
  const parts = [
    fresh > 0 ? `${captions(fresh)} opened` : "",
    answered > 0 ? `links added to ${captions(answered)}` : "",
    known > 0 ? `${captions(known)} left as they are, since their ids are open already` : "",
    orphans.length > 0
      ? `links of ${captions(orphans.length)} wait for the captions file they were made from`
      : "",
    bad.length > 0 ? `${bad.length === 1 ? "one line" : `${bad.length} lines`} could not be used` : "",
  ].filter((part) => part !== "");
  const text = parts.length === 0 ? "The file is empty." : `${parts.join("; ")}.`;
  app.notice.set({
    text: text[0]!.toUpperCase() + text.slice(1),
    tone: bad.length > 0 || parts.length === 0 || orphans.length > 0 ? "problem" : "done",
    details: bad.slice(0, 20).map(({ file, line, reason }) => `${file}, line ${line}: ${reason}`),
  });
}

const captions = (count: number): string => (count === 1 ? "one caption" : `${count} captions`);

/** Pictures go to the captions that name them; one that no caption names begins a new caption. */
function takePictures(app: App, files: readonly File[], beside: boolean): void {
  const { items } = app.work.get();
  const left = files.filter((file) => {
    const owners = items.filter(({ image }) => image !== undefined && fileName(image) === file.name);
    for (const { id } of owners) app.keepPicture(id, file);
    return owners.length === 0;
  });
  const matched = files.length - left.length;
  const [first] = left;
  if (first !== undefined && left.length === 1 && !beside && matched === 0) {
    app.draft.set({ ...app.draft.get(), picture: first });
    if (items.length > 0) app.dialog.set("compose");
    return;
  }
  if (beside && matched === 0 && left.length === 0) return;
  const unused = left.length === 0 ? "" : ` ${left.length} named by no caption were left out.`;
  app.notice.set({
    text: `${matched} of ${files.length} pictures belong to captions.${unused}`,
    tone: left.length === 0 ? "done" : "problem",
  });
}

const fileName = (path: string): string => path.split(/[/\\]/).at(-1)!;

/** A caption written or pasted by the reviewer; its names are found when it is linked. */
export function addCaption(app: App, text: string, picture: File | undefined): void {
  const { items } = app.work.get();
  const taken = new Set(items.map(({ id }) => id));
  let number = items.length + 1;
  while (taken.has(`caption-${number}`)) number++;
  const id = `caption-${number}`;
  if (picture !== undefined) app.keepPicture(id, picture);
  const image = picture?.name;
  app.dispatch({ kind: "add", items: [{ id, text, marks: [], ...(image !== undefined && { image }) }] });
  app.dispatch({ kind: "go", to: { item: id, mark: 0 } });
  app.draft.set({ text: "" });
  app.dialog.set(undefined);
}
