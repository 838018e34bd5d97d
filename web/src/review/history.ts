import type { Change, Cursor, Edit, Item, NewEntity, State } from "./types.js";

const MAX_UNDO_STEPS = 1_000;

/** An item before and after a step; undefined for the item that the step removes. */
export type Replacement = readonly [before: Item, after: Item | undefined];

/**
 * Returns the state in which items are replaced or removed, and the entity `added` is among the additions. All of it is
 * one step of the history. Returns the state unchanged if nothing changes. Ignores items that are not in the state.
 */
export function step(
  state: State,
  replacements: readonly Replacement[],
  to: Cursor | undefined,
  added?: NewEntity,
): State {
  const places = new Map(state.items.map(({ id }, at) => [id, at]));
  const edits = replacements.flatMap(([before, after]): Edit[] => {
    const at = places.get(before.id);
    return before === after || at === undefined ? [] : [{ at, before: state.items[at], after }];
  });
  if (edits.length === 0 && added === undefined) return state;
  const change: Change = { edits, added, from: state.cursor, to };
  const past = [...state.past, change].slice(-MAX_UNDO_STEPS);
  return { ...applied(state, change, "after"), cursor: to, past, future: [] };
}

export function undo(state: State): State {
  const change = state.past.at(-1);
  if (change === undefined) return state;
  return {
    ...applied(state, change, "before"),
    cursor: change.from,
    past: state.past.slice(0, -1),
    future: [...state.future, change],
  };
}

export function redo(state: State): State {
  const change = state.future.at(-1);
  if (change === undefined) return state;
  return {
    ...applied(state, change, "after"),
    cursor: change.to,
    past: [...state.past, change],
    future: state.future.slice(0, -1),
  };
}

/** Returns the state without an added entity. Undo and redo then change only the decision. */
export function forgetAddition(state: State, entity: string): State {
  const without = (change: Change): Change =>
    change.added?.id === entity ? { ...change, added: undefined } : change;
  return {
    ...state,
    additions: state.additions.filter(({ id }) => id !== entity),
    past: state.past.map(without),
    future: state.future.map(without),
  };
}

/** Returns the state after applying a change (`side` is "after") or reverting it (`side` is "before"). */
function applied(state: State, { edits, added }: Change, side: "before" | "after"): State {
  const additions =
    added === undefined
      ? state.additions
      : side === "after"
        ? [...state.additions, added]
        : state.additions.filter(({ id }) => id !== added.id);
  const changed = new Map(edits.map((edit) => [(edit.before ?? edit.after)!.id, edit]));
  const items = state.items.flatMap((item): Item[] => {
    const edit = changed.get(item.id);
    if (edit === undefined) return [item];
    changed.delete(item.id);
    return edit[side] === undefined ? [] : [edit[side]];
  });
  for (const edit of changed.values()) if (edit[side] !== undefined) items.splice(edit.at, 0, edit[side]);
  return { ...state, items, additions };
}
