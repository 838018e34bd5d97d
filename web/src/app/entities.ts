import { type Api, ApiError, type WireEntity } from "../api/index.js";
import { BUSY_SECONDS } from "./server-state.js";
import { createStore, type Store } from "./store.js";

export type EntityState =
  | { readonly kind: "loading" }
  | { readonly kind: "found"; readonly entity: WireEntity }
  | { readonly kind: "missing" }
  | { readonly kind: "failed" };

/** The entities that the page has asked for. */
export interface Entities {
  /** What is known of an entity; it is asked for at the first call. */
  watch(id: string): Store<EntityState>;
  /** What a search has brought needs not be asked for. */
  learn(entity: WireEntity): void;
  /** Asks again for those that could not be had. */
  retry(): void;
}

/** Requests open at a time. */
const AT_A_TIME = 6;

export function createEntities(api: Pick<Api, "entity">): Entities {
  const known = new Map<string, Store<EntityState>>();
  const queue: string[] = [];
  let running = 0;

  function pump(): void {
    while (running < AT_A_TIME) {
      const id = queue.pop(); // what was asked for last is looked at now
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
      if (fault === "busy") setTimeout(() => ask(id), 1000 * retryAfter);
      else store?.set({ kind: fault === "missing" ? "missing" : "failed" });
    }
  }

  function ask(id: string): void {
    queue.push(id);
    pump();
  }

  return {
    watch(id) {
      const found = known.get(id);
      if (found !== undefined) return found;
      const store = createStore<EntityState>({ kind: "loading" });
      known.set(id, store);
      ask(id);
      return store;
    },
    learn(entity) {
      const store = known.get(entity.id) ?? createStore<EntityState>({ kind: "loading" });
      known.set(entity.id, store);
      store.set({ kind: "found", entity });
    },
    retry() {
      for (const [id, store] of known) {
        if (store.get().kind !== "failed") continue;
        store.set({ kind: "loading" });
        ask(id);
      }
    },
  };
}

/** One line on who or what an entity is: its description, or else its first properties. */
export function aboutEntity({ description, properties = {} }: WireEntity): string {
  if (description !== undefined && description !== "") return description;
  const facts = Object.entries(properties).slice(0, 3);
  return facts.map(([name, values]) => `${name}: ${values.slice(0, 2).join(", ")}`).join(" · ");
}
