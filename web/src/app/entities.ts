import { lifeDatesOf, lifeKind } from "../../../src/formats/life-dates.js";
import { type Api, ApiError, type EntityAnswer } from "../api/index.js";
import { BUSY_SECONDS } from "./server-state.js";
import { createStore, type Store } from "./store.js";

export type EntityState =
  | { readonly kind: "loading" }
  | { readonly kind: "found"; readonly entity: EntityAnswer }
  | { readonly kind: "missing" }
  | { readonly kind: "failed" };

/** A cache of entities that are loaded from the server on demand. */
export interface Entities {
  /** Returns a store with the entity's state. The first call for an id requests the entity. */
  watch(id: string): Store<EntityState>;
  /** Adds an entity from a search result to the cache, so that the entity need not be requested. */
  add(entity: EntityAnswer): void;
  /** Returns the label of an entity that is loaded; undefined for any other. */
  labelOf(id: string): string | undefined;
  /** Repeats the requests for all entities that failed to load. */
  retry(): void;
  /** Forgets all entities, because another catalogue is used or the catalogue has changed. */
  clear(): void;
}

const CONCURRENT_REQUESTS = 6;

export function createEntities(api: Pick<Api, "entity">): Entities {
  const known = new Map<string, Store<EntityState>>();
  const queue: string[] = [];
  let running = 0;

  function pump(): void {
    while (running < CONCURRENT_REQUESTS) {
      const id = queue.pop(); // last in, first out: the entity requested last is on screen
      if (id === undefined) return;
      running++;
      void fetchOne(id).finally(() => {
        running--;
        pump();
      });
    }
  }

  async function fetchOne(id: string): Promise<void> {
    const store = known.get(id);
    try {
      store?.set({ kind: "found", entity: await api.entity(id) });
    } catch (error) {
      const { fault, retryAfter = BUSY_SECONDS } =
        error instanceof ApiError ? error : new ApiError("failed", "");
      if (fault === "busy") setTimeout(() => enqueue(id), 1000 * retryAfter);
      else store?.set({ kind: fault === "missing" ? "missing" : "failed" });
    }
  }

  function enqueue(id: string): void {
    queue.push(id);
    pump();
  }

  return {
    watch(id) {
      const found = known.get(id);
      if (found !== undefined) return found;
      const store = createStore<EntityState>({ kind: "loading" });
      known.set(id, store);
      enqueue(id);
      return store;
    },
    add(entity) {
      const store = known.get(entity.id) ?? createStore<EntityState>({ kind: "loading" });
      known.set(entity.id, store);
      store.set({ kind: "found", entity });
    },
    labelOf(id) {
      const state = known.get(id)?.get();
      return state?.kind === "found" ? state.entity.label : undefined;
    },
    retry() {
      for (const [id, store] of known) {
        if (store.get().kind !== "failed") continue;
        store.set({ kind: "loading" });
        enqueue(id);
      }
    },
    clear() {
      known.clear();
      queue.length = 0;
    },
  };
}

/**
 * Returns one line about an entity: the dates of birth and death, and the description or, if there is none, the first
 * three properties. With `property`, adds the values of this property.
 */
export function describeEntity({ description, properties = {} }: EntityAnswer, property?: string): string {
  const life = lifeDatesOf(properties);
  const fact = ([name, values]: readonly [string, readonly string[]]): string =>
    `${name}: ${values.slice(0, 2).join(", ")}`;
  const isDescribed = description !== undefined && description !== "";
  const facts = Object.entries(properties).filter(
    ([name]) => name === property || (!isDescribed && (life === undefined || lifeKind(name) === undefined)),
  );
  return [life, isDescribed ? description : undefined, ...facts.slice(0, 3).map(fact)]
    .filter((part) => part !== undefined)
    .join(" · ");
}
