import type { State } from "../review/index.js";
import { save } from "../storage/index.js";
import type { Store } from "./store.js";

/** How it stands with keeping the work in this browser. */
export type SavingState =
  | { readonly kind: "saved" }
  | { readonly kind: "saving" }
  | { readonly kind: "elsewhere" }
  | { readonly kind: "outdated" }
  | { readonly kind: "failed"; readonly message: string };

/** Writes every change at once, one write after the other; what could not be written is tried with the next change. */
export function startSaving(db: IDBDatabase, work: Store<State>, saving: Store<SavingState>): void {
  let saved = work.get();
  let busy = false;

  async function flush(): Promise<void> {
    if (busy || isClosed(saving.get())) return;
    busy = true;
    while (saved !== work.get() && !isClosed(saving.get())) {
      const state = work.get();
      if (saving.get().kind === "saved") saving.set({ kind: "saving" });
      try {
        if (saved.items.length === 0) askToPersist();
        await save(db, state, saved);
        saved = state;
        if (!isClosed(saving.get())) saving.set({ kind: "saved" });
      } catch (error) {
        saving.set({ kind: "failed", message: wordsFor(error) });
        break;
      }
    }
    busy = false;
  }

  work.subscribe(() => void flush());
  addEventListener("pagehide", () => {
    // what came while another write was under way; the database keeps the two in order
    if (saved !== work.get() && !isClosed(saving.get())) save(db, work.get(), saved).catch(() => undefined);
  });
}

/** Asks the browser not to throw the work away when space runs short. */
const askToPersist = (): void => void navigator.storage?.persist?.().catch(() => false);

/** Another tab writes now; this one no longer may. */
const isClosed = ({ kind }: SavingState): boolean => kind === "elsewhere" || kind === "outdated";

export function wordsFor(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "QuotaExceededError") return "the storage of this browser is full";
  if (name === "VersionError") return "a newer version of this page has kept its work here";
  return error instanceof Error ? error.message : String(error);
}
