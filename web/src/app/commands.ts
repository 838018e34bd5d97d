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

/** The caption under review and, if the caption has names, the current name. */
export interface Place {
  readonly item: Item;
  /** Index of the current name. */
  readonly index: number;
  readonly mark: Mark | undefined;
  readonly link: WireMentionLink | undefined;
}

/** Returns the caption and name at the cursor; undefined if no caption is open. */
export function currentPlace({ items, linkings, cursor }: State): Place | undefined {
  const item = items.find(({ id }) => id === cursor?.item);
  if (item === undefined || cursor === undefined) return undefined;
  const index = Math.max(0, Math.min(cursor.mark, item.marks.length - 1));
  const mark = item.marks[index];
  return { item, index, mark, link: mark && linkOf(mark, linkings.get(item.id)) };
}

/** Returns the captions in the order in which the page lists them. */
export const shownItems = (app: App): readonly Item[] =>
  app.preferences.get().order === "unsure" ? unsureFirst(app.work.get()) : app.work.get().items;

/**
 * Records the decision for the current name or, if `gold` is undefined, clears the decision. After recording a
 * decision, moves to the next undecided name if the preference `advance` is on.
 */
export function decide(app: App, gold: Gold | undefined): void {
  const place = currentPlace(app.work.get());
  if (place?.mark === undefined) return;
  const at: Cursor = { item: place.item.id, mark: place.index };
  app.dispatch({ kind: "decide", at, gold });
  const next = gold !== undefined && app.preferences.get().advance ? nextAfter(app, at) : undefined;
  if (next !== undefined) app.dispatch({ kind: "go", to: next });
  app.notice.set({ text: decisionText(app, place.mark, gold), tone: "done", undo: true });
}

/**
 * Returns the next undecided name in the same caption. If all names in the caption are decided, returns the least
 * certain undecided name in any caption, or undefined if there is none.
 */
function nextAfter({ work }: App, { item, mark }: Cursor): Cursor | undefined {
  const marks = work.get().items.find(({ id }) => id === item)?.marks ?? [];
  const order = [...marks.keys()].map((offset) => (mark + 1 + offset) % marks.length);
  const next = order.find((index) => marks[index]!.gold === undefined);
  return next === undefined ? nextUnsure(work.get()) : { item, mark: next };
}

function decisionText({ work }: App, mark: Mark, gold: Gold | undefined): string {
  const { decided, names } = progressOf(work.get().items);
  return `${mark.text} → ${goldText(gold)} (${decided} of ${names} decided)`;
}

function goldText(gold: Gold | undefined): string {
  if (gold === undefined) return "undecided";
  return gold.kind === "nil" ? "not in the knowledge base" : (gold.label ?? gold.id);
}

/** Accepts the suggestion for the current name. */
export function accept(app: App): void {
  const link = currentPlace(app.work.get())?.link;
  if (link !== undefined) decide(app, proposed(link));
}

/** Chooses a candidate for the current name by the candidate's number, counted from 1. */
export function choose(app: App, number: number): void {
  const candidate = currentPlace(app.work.get())?.link?.candidates[number - 1];
  if (candidate !== undefined) decide(app, chosen(candidate));
}

/** Moves to the next (1) or previous (-1) name in the listed order. A caption without names counts as one name. */
export function move(app: App, by: 1 | -1): void {
  const stops = shownItems(app).flatMap(({ id, marks }) =>
    marks.length === 0 ? [{ item: id, mark: 0 }] : marks.map((_, mark) => ({ item: id, mark })),
  );
  const place = currentPlace(app.work.get());
  const current = stops.findIndex(({ item, mark }) => item === place?.item.id && mark === place?.index);
  const to = stops[current + by];
  if (to !== undefined) app.dispatch({ kind: "go", to });
}

/** Moves to the least certain undecided name. */
export function goToUnsure(app: App): void {
  const to = nextUnsure(app.work.get());
  if (to !== undefined) app.dispatch({ kind: "go", to });
  else app.notice.set({ text: "Every name has a decision.", tone: "done" });
}

export function undo(app: App): void {
  if (app.work.get().past.length === 0) return;
  app.dispatch({ kind: "undo" });
  app.notice.set({ text: "Undone.", tone: "done" });
}

export function redo(app: App): void {
  if (app.work.get().future.length === 0) return;
  app.dispatch({ kind: "redo" });
  app.notice.set({ text: "Redone.", tone: "done" });
}

/** Removes the current mark, for example because the marked text is not a name. */
export function unmark(app: App): void {
  const place = currentPlace(app.work.get());
  if (place?.mark === undefined) return;
  app.dispatch({ kind: "unmark", at: { item: place.item.id, mark: place.index } });
  app.notice.set({ text: `${place.mark.text} is no longer marked.`, tone: "done", undo: true });
}
