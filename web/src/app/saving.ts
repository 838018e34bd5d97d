import type { State } from "../review/index.js";
import { save } from "../storage/index.js";
import type { Store } from "./store.js";

/** Whether all changes are saved in this browser. If not, the state contains the reason. */
export type SavingState =
  | { readonly kind: "saved" }
  | { readonly kind: "saving" }
  | { readonly kind: "elsewhere" }
  | { readonly kind: "outdated" }
  | { readonly kind: "failed"; readonly message: string };

/**
 * Starts saving changes. Each change is saved immediately or, if a write is already running, after that write. If a
 * write fails, its changes are saved together with the next change.
 */
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
        if (saved.items.length === 0) requestPersistence();
        await save(db, state, saved);
        saved = state;
        if (!isClosed(saving.get())) saving.set({ kind: "saved" });
      } catch (error) {
        saving.set({ kind: "failed", message: storageErrorText(error) });
        break;
      }
    }
    busy = false;
  }

  work.subscribe(() => void flush());
  addEventListener("pagehide", () => {
    // also saves changes made during an unfinished write; the database runs both writes in order
    if (saved !== work.get() && !isClosed(saving.get())) save(db, work.get(), saved).catch(() => undefined);
  });
}

/** Asks the browser not to delete the saved work when disk space is low. */
const requestPersistence = (): void => void navigator.storage?.persist?.().catch(() => false);

/**
 * Returns whether this tab must not write. This is the case if another tab has taken over saving or needs a newer
 * database layout.
 */
const isClosed = ({ kind }: SavingState): boolean => kind === "elsewhere" || kind === "outdated";

/** Returns a text for the reviewer that explains why storing or loading failed. */
export function storageErrorText(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "QuotaExceededError") return "this browser's storage is full";
  if (name === "VersionError") return "the work was saved by a newer version of this page";
  return error instanceof Error ? error.message : String(error);
}
