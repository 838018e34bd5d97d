import { forgetAddition, redo, step, undo } from "./history.js";
import { detected, isAnswered, sameNames } from "./links.js";
import { addMark, inOrder, markAt, overlaps, removeMark, type Span, spanOf, tidySpan } from "./marks.js";
import type {
  Cursor,
  DecisionRecord,
  Gold,
  Item,
  Linking,
  Linkings,
  Mark,
  NewEntity,
  Note,
  State,
  WireLinks,
  WireMentionLink,
} from "./types.js";

/** A decision about the name at a cursor; undefined `gold` clears it. */
export interface Decided {
  readonly at: Cursor;
  readonly gold: Gold | undefined;
  readonly decision?: DecisionRecord | undefined;
}

export type Action =
  | { readonly kind: "add"; readonly items: readonly Item[]; readonly linkings?: Linkings }
  | { readonly kind: "restore"; readonly state: State }
  | { readonly kind: "clear" }
  | { readonly kind: "go"; readonly to: Cursor }
  | (Decided & { readonly kind: "decide" })
  /** Decides several names in one step. */
  | { readonly kind: "decide-all"; readonly decisions: readonly Decided[] }
  /** Adds an entity and chooses it for a name, in one step. */
  | (Decided & { readonly kind: "add-entity"; readonly entity: NewEntity })
  /** Tells that the catalogue now has an entity of the additions. */
  | { readonly kind: "in-catalogue"; readonly entity: string }
  /** Changes the remark about a name or, without `mark`, about a caption. */
  | { readonly kind: "note"; readonly item: string; readonly mark?: number; readonly note: Note }
  | { readonly kind: "type"; readonly at: Cursor; readonly type: string | undefined }
  | { readonly kind: "mark"; readonly item: string; readonly span: Span }
  | { readonly kind: "unmark"; readonly at: Cursor }
  | { readonly kind: "remove"; readonly item: string }
  | { readonly kind: "image"; readonly item: string; readonly image: string | undefined }
  | { readonly kind: "find-names"; readonly item: string }
  | { readonly kind: "link"; readonly item: string }
  | { readonly kind: "linking"; readonly item: string }
  | {
      readonly kind: "linked";
      readonly item: string;
      readonly asked: readonly Mark[];
      readonly links: WireLinks;
      /** Whether a file contained the links. Its names then count as marked by a person. */
      readonly fromFile?: boolean;
    }
  | {
      readonly kind: "alone";
      readonly item: string;
      readonly links: WireLinks;
      readonly alone: readonly WireMentionLink[];
    }
  | { readonly kind: "link-failed"; readonly item: string; readonly message: string }
  | { readonly kind: "link-later"; readonly item: string }
  /** Links all captions again, and detects names again where no person decided or remarked on any. */
  | { readonly kind: "link-all" }
  | { readonly kind: "undo" }
  | { readonly kind: "redo" };

export const EMPTY: State = {
  items: [],
  linkings: new Map(),
  additions: [],
  cursor: undefined,
  past: [],
  future: [],
};

/** Returns the state after an action. Has no side effects. */
export function reduce(state: State, action: Action): State {
  switch (action.kind) {
    case "add":
      return add(state, action.items, action.linkings ?? new Map());
    case "restore":
      return action.state;
    case "clear":
      return EMPTY;
    case "go":
      return { ...state, cursor: action.to };
    case "link-all":
      return linkAll(state);
    case "undo":
      return relinkChanged(state, undo(state));
    case "redo":
      return relinkChanged(state, redo(state));
    case "in-catalogue":
      return forgetAddition(state, action.entity);
    case "decide-all":
      return decideAll(state, action.decisions);
    default: {
      const item = state.items.find(({ id }) => id === itemOf(action));
      return item === undefined ? state : onItem(state, item, action);
    }
  }
}

type ItemAction = Exclude<
  Action,
  { kind: "add" | "restore" | "clear" | "go" | "link-all" | "undo" | "redo" | "in-catalogue" | "decide-all" }
>;

const itemOf = (action: ItemAction): string => ("item" in action ? action.item : action.at.item);

function onItem(state: State, item: Item, action: ItemAction): State {
  switch (action.kind) {
    case "decide":
      return step(state, [[item, decided(item, action)]], action.at);
    case "add-entity":
      return step(state, [[item, decided(item, action)]], action.at, action.entity);
    case "note":
      return step(state, [[item, noted(item, action.mark, action.note)]], state.cursor);
    case "type": {
      const after = typed(item, action.at.mark, action.type);
      return after === item ? state : relink(step(state, [[item, after]], action.at), item.id);
    }
    case "mark":
      return marked(state, item, action.span);
    case "unmark": {
      const after = removeMark(item, action.at.mark);
      const mark = Math.max(0, Math.min(action.at.mark, after.marks.length - 1));
      return relink(step(state, [[item, after]], { item: item.id, mark }), item.id);
    }
    case "remove":
      return step(state, [[item, undefined]], neighbour(state, item.id));
    case "image":
      return pictured(state, item, action.image);
    case "find-names":
      return setLinking(state, item.id, { status: "waiting", detect: true });
    case "link":
      return setLinking(state, item.id, {
        ...state.linkings.get(item.id),
        status: "waiting",
        detect: item.marks.length === 0 || state.linkings.get(item.id)?.detect === true,
      });
    case "linking":
      return setLinking(state, item.id, { ...state.linkings.get(item.id), status: "running" });
    case "link-later":
      return setLinking(state, item.id, { ...state.linkings.get(item.id), status: "waiting" });
    case "link-failed":
      return setLinking(state, item.id, {
        ...state.linkings.get(item.id),
        status: "failed",
        message: action.message,
      });
    case "alone": {
      const linking = state.linkings.get(item.id);
      if (linking?.links !== action.links) return state; // superseded by newer links
      return setLinking(state, item.id, { ...linking, alone: action.alone });
    }
    case "linked":
      return linked(state, item, action);
  }
}

function add(state: State, items: readonly Item[], linkings: Linkings): State {
  const known = new Set(state.items.map(({ id }) => id));
  const fresh = items.filter(({ id }) => !known.has(id));
  const first = fresh[0];
  return {
    ...state,
    items: [...state.items, ...fresh],
    linkings: new Map([
      ...state.linkings,
      ...fresh.map((item): [string, Linking] => [item.id, linkings.get(item.id) ?? unlinked(item)]),
    ]),
    cursor: state.cursor ?? (first === undefined ? undefined : { item: first.id, mark: 0 }),
  };
}

const unlinked = ({ marks }: Item): Linking => ({ status: "waiting", detect: marks.length === 0 });

function decided(item: Item, { at, gold, decision }: Decided): Item {
  const mark = item.marks[at.mark];
  if (mark === undefined) return item;
  const { gold: _, decision: __, ...bare } = mark;
  const decidedMark = gold === undefined ? bare : { ...bare, gold, ...(decision && { decision }) };
  return { ...item, marks: item.marks.with(at.mark, decidedMark) };
}

function decideAll(state: State, decisions: readonly Decided[]): State {
  const before = new Map(state.items.map((item) => [item.id, item]));
  const after = new Map<string, Item>();
  for (const one of decisions) {
    const item = after.get(one.at.item) ?? before.get(one.at.item);
    if (item !== undefined) after.set(item.id, decided(item, one));
  }
  return step(
    state,
    [...after].map(([id, item]) => [before.get(id)!, item]),
    state.cursor,
  );
}

/** Changes the remark about a name or the caption. Returns the same item if there is no such name. */
function noted(item: Item, at: number | undefined, { flagged, comment }: Note): Item {
  const note = { ...(flagged && { flagged }), ...(comment && { comment }) };
  const change = Object.keys(note).length > 0 && { note };
  if (at === undefined) {
    const { note: _, ...bare } = item;
    return { ...bare, ...change };
  }
  const mark = item.marks[at];
  if (mark === undefined) return item;
  const { note: _, ...bare } = mark;
  return { ...item, marks: item.marks.with(at, { ...bare, ...change }) };
}

/** Sets the type of a mark, or removes it if `type` is undefined. Returns the same item if nothing changes. */
function typed(item: Item, at: number, type: string | undefined): Item {
  const mark = item.marks[at];
  if (mark === undefined || mark.type === type) return item;
  const { type: _, detected: __, ...bare } = mark;
  return { ...item, marks: item.marks.with(at, type === undefined ? bare : { ...bare, type }) };
}

function marked(state: State, item: Item, selected: Span): State {
  const after = addMark(item, selected);
  const span = tidySpan(item.text, selected);
  if (span === undefined) return state;
  const to = { item: item.id, mark: markAt(after, span) };
  return after === item ? { ...state, cursor: to } : relink(step(state, [[item, after]], to), item.id);
}

/** Changes an item's picture, or removes it if `image` is undefined. The item then waits for new links. */
function pictured(state: State, item: Item, image: string | undefined): State {
  const { image: _, ...bare } = item;
  const after = step(state, [[item, image === undefined ? bare : { ...bare, image }]], state.cursor);
  return onItem(after, after.items.find(({ id }) => id === item.id)!, { kind: "link", item: item.id });
}

/**
 * Returns the cursor after an item is removed. The cursor is at the next item, or at the previous item if the last item
 * is removed. Returns undefined if no item remains.
 */
function neighbour({ items }: State, id: string): Cursor | undefined {
  const at = items.findIndex((item) => item.id === id);
  const next = items[at + 1] ?? items[at - 1];
  return next === undefined ? undefined : { item: next.id, mark: 0 };
}

function linked(
  state: State,
  item: Item,
  { asked, links, fromFile }: Extract<Action, { kind: "linked" }>,
): State {
  const isStale = !sameNames(asked, item.marks);
  const isDetection = asked.length === 0 || state.linkings.get(item.id)?.detect === true;
  if (isStale || !isDetection)
    return setLinking(state, item.id, { status: isStale ? "waiting" : "done", links });
  const marks = withDetected(item, detected(links.mentions), fromFile !== true);
  const status = asked.length === 0 ? "done" : "waiting"; // the kept names are not linked yet
  return setLinking(replace(state, { ...item, marks }), item.id, { status, links });
}

/** Returns the marks of an item and, where they overlap none of them, the names that were found. */
function withDetected({ marks }: Item, found: readonly Mark[], isDetected: boolean): Mark[] {
  const isFree = (name: Mark): boolean =>
    !marks.some((mark) => {
      const [a, b] = [spanOf(mark), spanOf(name)];
      return a !== undefined && b !== undefined && overlaps(a, b);
    });
  const fresh = found.filter(isFree).map((mark) => (isDetected ? { ...mark, detected: true } : mark));
  return inOrder([...marks, ...fresh]);
}

function linkAll(state: State): State {
  const items = state.items.map(withoutDetected);
  const linkings = items.map((item, at): [string, Linking] => [
    item.id,
    { status: "waiting", detect: item.marks.length === 0 || item !== state.items[at] },
  ]);
  return { ...state, items, linkings: new Map(linkings) };
}

/** Removes the names that only the linker marked, unless a person decided or remarked on a name of the caption. */
function withoutDetected(item: Item): Item {
  const isTouched = item.marks.some(({ gold, note }) => gold !== undefined || note !== undefined);
  const marks = item.marks.filter((mark) => mark.detected !== true);
  return isTouched || marks.length === item.marks.length ? item : { ...item, marks };
}

/** Makes an item wait for new links if its links do not belong to exactly its current marks. */
function relink(state: State, id: string): State {
  const item = state.items.find((one) => one.id === id);
  if (item === undefined) return state;
  const { links, status } = state.linkings.get(id) ?? {};
  const kept = { ...(links !== undefined && { links }) };
  if (item.marks.length === 0) return setLinking(state, id, { status: "done", ...kept });
  if (status === "done" && isAnswered(item, state.linkings.get(id))) return state;
  return setLinking(state, id, { status: "waiting", ...kept });
}

const needsRelink = (old: Item, item: Item): boolean =>
  old.image !== item.image || !sameNames(old.marks, item.marks);

function relinkChanged(before: State, after: State): State {
  const olds = new Map(before.items.map((item) => [item.id, item]));
  const changed = after.items.filter((item) => {
    const old = olds.get(item.id);
    return old !== undefined && old !== item && needsRelink(old, item);
  });
  return changed.reduce((state, { id }) => reduce(state, { kind: "link", item: id }), after);
}

const replace = (state: State, item: Item): State => ({
  ...state,
  items: state.items.map((one) => (one.id === item.id ? item : one)),
});

const setLinking = (state: State, id: string, linking: Linking): State => ({
  ...state,
  linkings: new Map(state.linkings).set(id, linking),
});
