import { createContext } from "preact";
import { useContext, useEffect, useReducer } from "preact/hooks";
import { type App, isPaused, type Store } from "../app/index.js";
import type { State } from "../review/index.js";

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error("useApp needs an AppContext.Provider");
  return app;
}

/** Returns the value of a store and rerenders the component when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [, rerender] = useReducer((count: number) => count + 1, 0);
  const rendered = store.get();
  useEffect(() => {
    if (!Object.is(store.get(), rendered)) rerender(undefined);
    return store.subscribe(() => rerender(undefined));
  }, [store]);
  return rendered;
}

export const useWork = (): State => useStore(useApp().work);

/** Returns whether requests are paused because the server is unreachable, is busy or refuses the token. */
export const useIsPaused = (): boolean => isPaused(useStore(useApp().server));
