import type { Change, Cursor, Item, State } from "./types.js";

const MAX_UNDO_STEPS = 1_000;

/**
 * Returns the state in which the item `before` is replaced with `after`, or removed if `after` is undefined. The step
 * is added to the history. Returns the state unchanged if `before` and `after` are the same object, or if the item is
 * not in the state.
 */
export function step(state: State, before: Item, after: Item | undefined, to: Cursor | undefined): State {
  if (before === after) return state;
  const at = state.items.findIndex(({ id }) => id === before.id);
  if (at === -1) return state;
  const change: Change = { at, before: state.items[at], after, from: state.cursor, to };
  const past = [...state.past, change].slice(-MAX_UNDO_STEPS);
  return { ...state, items: put(state.items, change, "after"), cursor: to, past, future: [] };
}

export function undo(state: State): State {
  const change = state.past.at(-1);
  if (change === undefined) return state;
  return {
    ...state,
    items: put(state.items, change, "before"),
    cursor: change.from,
    past: state.past.slice(0, -1),
    future: [...state.future, change],
  };
}

export function redo(state: State): State {
  const change = state.future.at(-1);
  if (change === undefined) return state;
  return {
    ...state,
    items: put(state.items, change, "after"),
    cursor: change.to,
    past: [...state.past, change],
    future: state.future.slice(0, -1),
  };
}

/** Returns the items after applying a change (`side` is "after") or reverting it (`side` is "before"). */
function put(items: readonly Item[], { at, before, after }: Change, side: "before" | "after"): Item[] {
  const id = (before ?? after)?.id;
  const next = side === "before" ? before : after;
  const index = items.findIndex((item) => item.id === id);
  if (index === -1) return next === undefined ? [...items] : items.toSpliced(at, 0, next);
  return next === undefined ? items.toSpliced(index, 1) : items.with(index, next);
}
