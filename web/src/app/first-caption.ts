import { type Action, type State, unsureFirst, waitingCount } from "../review/index.js";
import type { Preferences } from "../storage/index.js";
import type { Store } from "./store.js";

interface Parts {
  readonly work: Store<State>;
  readonly preferences: Store<Preferences>;
  readonly dispatch: (action: Action) => void;
}

/**
 * Goes to the least certain caption as soon as the first captions that were opened are linked. Does nothing if the
 * reviewer moved or changed anything before, or if the captions are listed as opened.
 */
export function startAtFirst({ work, preferences, dispatch }: Parts): void {
  let wasEmpty = work.get().items.length === 0;
  let start: State | undefined;
  work.subscribe(() => {
    const state = work.get();
    const { items, cursor, past } = state;
    if (wasEmpty && items.length > 0) start = state;
    wasEmpty = items.length === 0;
    if (start === undefined) return;
    if (cursor !== start.cursor || past !== start.past || preferences.get().order !== "unsure") {
      start = undefined;
      return;
    }
    if (waitingCount(state) > 0) return;
    start = undefined;
    const first = unsureFirst(state)[0];
    if (first !== undefined) dispatch({ kind: "go", to: { item: first.id, mark: 0 } });
  });
}
