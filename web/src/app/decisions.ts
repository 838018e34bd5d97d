import type { Catalogue } from "../catalogue/client.js";
import {
  acceptAll,
  type Choice,
  type Cursor,
  choicesOf,
  decideAlike,
  type Gold,
  type Mark,
  type NewEntity,
  nextUnsure,
  passes,
  progressOf,
  proposed,
  recordOf,
  type State,
  sameAs,
  type Undecided,
} from "../review/index.js";
import type { App } from "./app.js";
import { currentPlace, type Place } from "./commands.js";
import { sendEntity } from "./send-entity.js";

/**
 * Records the decision for the current name or, if `gold` is undefined, clears the decision. After recording a
 * decision, moves to the next undecided name if the preference `advance` is on, and offers the same decision for the
 * same name in other captions.
 */
export function decide(app: App, gold: Gold | undefined): void {
  if (gold === undefined) record(app, undefined);
  else signed(app, () => record(app, gold));
}

/** Takes a step that needs the reviewer's name: at once or, if the page has not asked yet, after the answer. */
function signed(app: App, take: () => void): void {
  if (app.preferences.get().reviewer !== undefined) take();
  else {
    app.waiting.set(take);
    app.dialog.set("who");
  }
}

function record(app: App, gold: Gold | undefined, entity?: NewEntity): void {
  const before = app.work.get();
  const place = currentPlace(before);
  if (place?.mark === undefined) return;
  const at: Cursor = { item: place.item.id, mark: place.index };
  const links = before.linkings.get(place.item.id)?.links;
  const decision = gold && recordOf(place.link, links, who(app));
  const same = gold === undefined ? [] : sameAs(before, at);
  if (entity === undefined) app.dispatch({ kind: "decide", at, gold, decision });
  else app.dispatch({ kind: "add-entity", at, gold, decision, entity });
  const next = gold !== undefined && app.preferences.get().advance ? nextAfter(app, at) : undefined;
  if (next !== undefined) app.dispatch({ kind: "go", to: next });
  app.notice.set({
    text: decisionText(app, place.mark, gold),
    tone: "done",
    undo: true,
    ...(gold !== undefined &&
      same.length > 0 && {
        offer: {
          label: `Same for ${same.length} more “${place.mark.text}”`,
          take: () => decideSame(app, same, gold),
        },
      }),
  });
}

const who = (app: App) => ({
  by: app.preferences.get().reviewer ?? "",
  at: new Date().toISOString(),
});

/** Makes the same decision for other names, in one step. Names that are decided meanwhile are left out. */
function decideSame(app: App, names: readonly Undecided[], gold: Gold): void {
  const open = stillUndecided(app, names);
  app.dispatch({ kind: "decide-all", decisions: decideAlike(open, gold, who(app)) });
  leaveDecided(app);
  app.notice.set({
    text: `${names[0]!.text} → ${goldText(gold)}, ${open.length} times more (${progressText(app)})`,
    tone: "done",
    undo: true,
  });
}

/** Accepts the suggestions for several names in one step. */
export function acceptThese(app: App, names: readonly Undecided[]): void {
  signed(app, () => {
    const open = stillUndecided(app, names);
    app.dispatch({ kind: "decide-all", decisions: acceptAll(open, who(app)) });
    leaveDecided(app);
    const count = open.length === 1 ? "1 suggestion" : `${open.length} suggestions`;
    app.notice.set({ text: `Accepted ${count} (${progressText(app)})`, tone: "done", undo: true });
  });
}

function stillUndecided(app: App, names: readonly Undecided[]): Undecided[] {
  const items = new Map(app.work.get().items.map((item) => [item.id, item]));
  return names.filter(({ at, text }) => {
    const mark = items.get(at.item)?.marks[at.mark];
    return mark?.text === text && mark.gold === undefined;
  });
}

/** Moves on if the current name is decided and the preference `advance` is on. */
function leaveDecided(app: App): void {
  const place = currentPlace(app.work.get());
  if (place?.mark?.gold !== undefined && app.preferences.get().advance) moveOn(app, place);
}

/** Moves to the next undecided name. Stays if there is none. */
function moveOn(app: App, { item, index }: Place): void {
  const next = nextAfter(app, { item: item.id, mark: index });
  if (next !== undefined) app.dispatch({ kind: "go", to: next });
}

/** Takes the step that the latest message offers, such as the same decision for the same name elsewhere. */
export const takeOffer = (app: App): void => app.notice.get()?.offer?.take();

/**
 * Returns the next undecided name in the same caption. If all names in the caption are decided, returns the least
 * certain undecided name in any caption, or undefined if there is none. Only names that pass the filter count.
 */
function nextAfter({ work, filter }: App, { item: id, mark }: Cursor): Cursor | undefined {
  const { items, linkings } = work.get();
  const item = items.find((one) => one.id === id);
  const marks = item?.marks ?? [];
  const order = [...marks.keys()].map((offset) => (mark + 1 + offset) % marks.length);
  const next = order.find(
    (index) =>
      marks[index]!.gold === undefined && passes(marks[index]!, item!, linkings.get(id), filter.get()),
  );
  return next === undefined ? nextUnsure(work.get(), filter.get()) : { item: id, mark: next };
}

const decisionText = (app: App, mark: Mark, gold: Gold | undefined): string =>
  `${mark.text} → ${goldText(gold)} (${progressText(app)})`;

function progressText({ work }: App): string {
  const { decided, names } = progressOf(work.get().items);
  return `${decided} of ${names} decided`;
}

function goldText(gold: Gold | undefined): string {
  if (gold === undefined) return "undecided";
  return gold.kind === "nil" ? "not in the knowledge base" : (gold.label ?? gold.id);
}

/** Accepts the suggestion for the current name. If the name is decided, keeps the decision and moves on instead. */
export function accept(app: App): void {
  const place = currentPlace(app.work.get());
  if (place?.mark?.gold !== undefined) moveOn(app, place);
  else if (place?.link !== undefined) decide(app, proposed(place.link));
}

/** Removes the current mark, for example because the marked text is not a name. */
export function unmark(app: App): void {
  const place = currentPlace(app.work.get());
  if (place?.mark === undefined) return;
  app.dispatch({ kind: "unmark", at: { item: place.item.id, mark: place.index } });
  leaveDecided(app);
  app.notice.set({ text: `${place.mark.text} is no longer marked.`, tone: "done", undo: true });
}

/** Returns the rows from which the reviewer chooses for the current name. */
export const currentChoices = ({ additions }: State, { mark, link }: Place): Choice[] =>
  mark === undefined ? [] : choicesOf(mark, link, additions);

/** Chooses the row with this number for the current name. */
export function choose(app: App, number: number): void {
  const state = app.work.get();
  const place = currentPlace(state);
  if (place === undefined) return;
  const choice = currentChoices(state, place).find((row) => row.number === number);
  if (choice !== undefined) decide(app, goldOf(choice));
}

/** Returns the decision for a row. */
export const goldOf = ({ entity }: Pick<Choice, "entity">): Gold =>
  entity === null
    ? { kind: "nil" }
    : { kind: "entity", id: entity.id, ...(entity.label !== entity.id && { label: entity.label }) };

/**
 * Adds an entity that is not in the knowledge base, and chooses it for the current name. With `catalogue`, sends it to
 * this catalogue.
 */
export const addEntity = (app: App, entity: NewEntity, catalogue?: Catalogue): void =>
  signed(app, () => {
    record(app, goldOf({ entity }), entity);
    if (catalogue !== undefined) void sendEntity(app, entity, catalogue);
  });
