import { createStore, type Store } from "../app/store.js";
import type { Catalogue, CatalogueApi, CataloguesAnswer } from "./client.js";
import { messageOf } from "./importing.js";

export type CataloguesState =
  | { readonly kind: "loading" }
  | { readonly kind: "failed"; readonly message: string }
  | ({ readonly kind: "ready" } & CataloguesAnswer);

/** The catalogues of the service. */
export interface Catalogues {
  readonly state: Store<CataloguesState>;
  /** Requests the list again. The list that is shown stays until the new one arrives. */
  reload(): Promise<void>;
}

export function createCatalogues(api: Pick<CatalogueApi, "list">): Catalogues {
  const state = createStore<CataloguesState>({ kind: "loading" });
  return {
    state,
    async reload() {
      if (state.get().kind === "failed") state.set({ kind: "loading" });
      try {
        state.set({ kind: "ready", ...(await api.list()) });
      } catch (error) {
        if (state.get().kind !== "ready") state.set({ kind: "failed", message: messageOf(error) });
      }
    },
  };
}

/** Returns the catalogue in use if the page can add entities to it. */
export function writableCatalogue(state: CataloguesState, chosen: string | undefined): Catalogue | undefined {
  const current = currentCatalogue(state, chosen);
  return state.kind === "ready" && state.writable && current?.editable ? current : undefined;
}

/** Returns the catalogue with the name that was chosen or, if it does not exist, the default catalogue. */
export function currentCatalogue(state: CataloguesState, chosen: string | undefined): Catalogue | undefined {
  if (state.kind !== "ready") return undefined;
  return (
    state.catalogues.find(({ name }) => name === chosen) ??
    state.catalogues.find(({ default: isDefault }) => isDefault)
  );
}
