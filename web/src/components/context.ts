import { createContext } from "preact";
import { useContext, useEffect, useReducer } from "preact/hooks";
import type { App, Store } from "../app/index.js";
import type { State } from "../review/index.js";

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error("a component stands outside of the app");
  return app;
}

/** The value of a store; the component is drawn again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const drawn = store.get();
  useEffect(() => {
    if (!Object.is(store.get(), drawn)) redraw(undefined);
    return store.subscribe(() => redraw(undefined));
  }, [store]);
  return drawn;
}

export const useWork = (): State => useStore(useApp().work);
