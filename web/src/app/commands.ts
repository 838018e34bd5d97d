import {
  filtered,
  type Item,
  isFiltering,
  linkOf,
  type Mark,
  type Note,
  nextUnsure,
  passes,
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

/** Returns the captions that pass the filter, in the order in which the page lists them. */
export function shownItems(app: App): readonly Item[] {
  const work = app.work.get();
  const items = filtered(work, app.filter.get());
  return app.preferences.get().order === "unsure" ? unsureFirst({ ...work, items }) : items;
}

/** Changes the order of the captions. "Unsure first" goes to the first with an undecided name. */
export function setOrder(app: App, order: "unsure" | "file"): void {
  app.preferences.set({ ...app.preferences.get(), order });
  const items = shownItems(app);
  const first = items.find(({ marks }) => marks.some(({ gold }) => gold === undefined)) ?? items[0];
  if (order === "unsure" && first !== undefined)
    app.dispatch({ kind: "go", to: { item: first.id, mark: firstUndecided(first) } });
}

/** Returns the index of the first undecided name of a caption, or 0 if there is none. */
export const firstUndecided = ({ marks }: Item): number =>
  Math.max(
    0,
    marks.findIndex(({ gold }) => gold === undefined),
  );

/** Moves to the next (1) or previous (-1) listed name. A caption without names counts as one name. */
export function move(app: App, by: 1 | -1): void {
  const work = app.work.get();
  const filter = app.filter.get();
  const stops = shownItems(app).flatMap((item) => {
    const { id, marks } = item;
    if (marks.length === 0) return [{ item: id, mark: 0 }];
    return [...marks.keys()]
      .filter((index) => passes(marks[index]!, item, work.linkings.get(id), filter))
      .map((mark) => ({ item: id, mark }));
  });
  const place = currentPlace(work);
  const current = stops.findIndex(({ item, mark }) => item === place?.item.id && mark === place?.index);
  const to = stops[current + by];
  if (to !== undefined) app.dispatch({ kind: "go", to });
}

/** Moves to the least certain undecided name that is listed. */
export function goToUnsure(app: App): void {
  const to = nextUnsure(app.work.get(), app.filter.get());
  if (to !== undefined) app.dispatch({ kind: "go", to });
  else {
    const which = isFiltering(app.filter.get()) ? "Every listed name" : "Every name";
    app.notice.set({ text: `${which} has a decision.`, tone: "done" });
  }
}

/** Changes the remark about the current name or, if the caption has no names, about the caption. */
export function setNote(app: App, change: Note, of: "name" | "caption" = "name"): void {
  const place = currentPlace(app.work.get());
  if (place === undefined) return;
  const mark = of === "name" && place.mark !== undefined ? place.index : undefined;
  const before = mark === undefined ? place.item.note : place.mark?.note;
  app.dispatch({
    kind: "note",
    item: place.item.id,
    ...(mark !== undefined && { mark }),
    note: { ...before, ...change },
  });
}

/** Flags the current name, or removes its flag. */
export function toggleFlag(app: App, of: "name" | "caption" = "name"): void {
  const place = currentPlace(app.work.get());
  const note = of === "caption" || place?.mark === undefined ? place?.item.note : place.mark.note;
  setNote(app, { flagged: !note?.flagged }, of);
}

/** Shows or hides the details of the candidates, or the scores from which their order comes. */
export function toggle(app: App, what: "details" | "why"): void {
  const shown = app.shown.get();
  app.shown.set({ ...shown, [what]: !shown[what] });
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
