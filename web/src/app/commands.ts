import {
  type Cursor,
  chosen,
  type Gold,
  type Item,
  linkOf,
  type Mark,
  nextUnsure,
  progressOf,
  proposed,
  type State,
  unsureFirst,
  type WireMentionLink,
} from "../review/index.js";
import type { App } from "./app.js";

/** The caption under review and, when it has names, the one that the reviewer is at. */
export interface Here {
  readonly item: Item;
  readonly at: number;
  readonly mark: Mark | undefined;
  readonly link: WireMentionLink | undefined;
}

export function here({ items, linkings, cursor }: State): Here | undefined {
  const item = items.find(({ id }) => id === cursor?.item);
  if (item === undefined || cursor === undefined) return undefined;
  const at = Math.max(0, Math.min(cursor.mark, item.marks.length - 1));
  const mark = item.marks[at];
  return { item, at, mark, link: mark && linkOf(mark, linkings.get(item.id)) };
}

/** The captions in the order in which the reviewer sees them. */
export const shownItems = (app: App): readonly Item[] =>
  app.preferences.get().order === "unsure" ? unsureFirst(app.work.get()) : app.work.get().items;

/** Decides what the name under review means, says so, and goes on to the next undecided one. */
export function decide(app: App, gold: Gold | undefined): void {
  const place = here(app.work.get());
  if (place?.mark === undefined) return;
  const at: Cursor = { item: place.item.id, mark: place.at };
  app.dispatch({ kind: "decide", at, gold });
  const next = gold !== undefined && app.preferences.get().advance ? nextAfter(app, at) : undefined;
  if (next !== undefined) app.dispatch({ kind: "go", to: next });
  app.notice.set({ text: decisionWords(app, place.mark, gold), tone: "done", undo: true });
}

/** The next undecided name of the same caption, or else the one in most doubt. */
function nextAfter({ work }: App, { item, mark }: Cursor): Cursor | undefined {
  const marks = work.get().items.find(({ id }) => id === item)?.marks ?? [];
  const order = [...marks.keys()].map((at) => (mark + 1 + at) % marks.length);
  const near = order.find((at) => marks[at]!.gold === undefined);
  return near === undefined ? nextUnsure(work.get()) : { item, mark: near };
}

function decisionWords({ work }: App, mark: Mark, gold: Gold | undefined): string {
  const { decided, names } = progressOf(work.get().items);
  return `${mark.text} → ${goldWords(gold)} (${decided} of ${names} decided)`;
}

function goldWords(gold: Gold | undefined): string {
  if (gold === undefined) return "open again";
  return gold.kind === "nil" ? "not in the knowledge base" : (gold.label ?? gold.id);
}

export function accept(app: App): void {
  const link = here(app.work.get())?.link;
  if (link !== undefined) decide(app, proposed(link));
}

/** Chooses the candidate with this number, from 1. */
export function choose(app: App, number: number): void {
  const candidate = here(app.work.get())?.link?.candidates[number - 1];
  if (candidate !== undefined) decide(app, chosen(candidate));
}

/** Goes to the name before or after in the shown order; a caption without names is one stop. */
export function move(app: App, by: 1 | -1): void {
  const stops = shownItems(app).flatMap(({ id, marks }) =>
    marks.length === 0 ? [{ item: id, mark: 0 }] : marks.map((_, mark) => ({ item: id, mark })),
  );
  const place = here(app.work.get());
  const now = stops.findIndex(({ item, mark }) => item === place?.item.id && mark === place?.at);
  const to = stops[now + by];
  if (to !== undefined) app.dispatch({ kind: "go", to });
}

export function goToUnsure(app: App): void {
  const to = nextUnsure(app.work.get());
  if (to !== undefined) app.dispatch({ kind: "go", to });
  else app.notice.set({ text: "Every name is decided.", tone: "done" });
}

export function undo(app: App): void {
  if (app.work.get().past.length === 0) return;
  app.dispatch({ kind: "undo" });
  app.notice.set({ text: "Taken back.", tone: "done" });
}

export function redo(app: App): void {
  if (app.work.get().future.length === 0) return;
  app.dispatch({ kind: "redo" });
  app.notice.set({ text: "Done again.", tone: "done" });
}

export function unmark(app: App): void {
  const place = here(app.work.get());
  if (place?.mark === undefined) return;
  app.dispatch({ kind: "unmark", at: { item: place.item.id, mark: place.at } });
  app.notice.set({ text: `${place.mark.text} is no longer marked.`, tone: "done", undo: true });
}
