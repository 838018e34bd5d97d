import { ApiError, patiently, sleep } from "../api/index.js";
import { createStore, type Store } from "../app/store.js";
import type { CatalogueApi, ImportAnswer, NewImport } from "./client.js";

/** An import into a catalogue. `title` is what the reviewer called the catalogue. */
export type Importing = ImportSubject &
  (
    | { readonly kind: "sending" }
    | { readonly kind: "running"; readonly answer: ImportAnswer; readonly isCancelling: boolean }
    | { readonly kind: "done"; readonly answer: ImportAnswer }
    | { readonly kind: "cancelled" }
    | { readonly kind: "failed"; readonly message: string }
  );

interface ImportSubject {
  readonly title: string;
  readonly update: boolean;
}

/** The import that the page started last. It continues while its dialog is closed. */
export interface Imports {
  readonly state: Store<Importing | undefined>;
  start(request: NewImport, title: string): void;
  /** Stops the import. The catalogue stays as it was. */
  cancel(): void;
}

/** Milliseconds between two requests for the progress of an import. */
const POLL_INTERVAL = 400;

/** Calls `onDone` after each import that changed a catalogue. */
export function createImports(api: CatalogueApi, onDone: (answer: ImportAnswer) => void): Imports {
  const state = createStore<Importing | undefined>(undefined);
  let control = new AbortController();

  async function run(request: NewImport, subject: ImportSubject, { signal }: AbortController): Promise<void> {
    const id = await api.startImport(request, signal);
    let isCancelling = false;
    for (;;) {
      const answer = await patiently(() => api.importState(id));
      if (answer.state !== "running") {
        state.set({ ...subject, ...endOf(answer) });
        if (answer.state === "done") onDone(answer);
        return;
      }
      if (signal.aborted && !isCancelling) {
        isCancelling = true;
        await api.cancelImport(id);
        continue;
      }
      state.set({ ...subject, kind: "running", answer, isCancelling });
      await sleep(POLL_INTERVAL);
    }
  }

  return {
    state,
    start(request, title) {
      const subject = { title, update: request.update };
      control = new AbortController();
      const { signal } = control;
      state.set({ ...subject, kind: "sending" });
      run(request, subject, control).catch((error: unknown) => {
        const isCancelled = signal.aborted && error === signal.reason;
        state.set({
          ...subject,
          ...(isCancelled ? { kind: "cancelled" } : { kind: "failed", message: messageOf(error) }),
        });
      });
    },
    cancel: () => control.abort(),
  };
}

/** Waits until an import is done. Throws an error with the reason if it fails or is cancelled. */
export async function untilDone(api: Pick<CatalogueApi, "importState">, id: string): Promise<void> {
  for (;;) {
    const answer = await patiently(() => api.importState(id));
    const { state } = answer;
    if (state === "done") return;
    if (state !== "running")
      throw new Error(state === "failed" ? reasonOf(answer) : "the import was cancelled");
    await sleep(POLL_INTERVAL);
  }
}

function endOf(answer: ImportAnswer) {
  if (answer.state === "done") return { kind: "done", answer } as const;
  if (answer.state === "cancelled") return { kind: "cancelled" } as const;
  return { kind: "failed", message: reasonOf(answer) } as const;
}

function reasonOf({ error }: ImportAnswer): string {
  const { detail = "the import failed", hint } = error ?? {};
  return hint === undefined ? detail : `${detail}. ${withoutStop(hint)}`;
}

/** Returns a text that explains why a request failed, without the final full stop. */
export const messageOf = (error: unknown): string => {
  if (error instanceof ApiError && error.fault === "away") return "the server cannot be reached";
  return withoutStop(error instanceof Error ? error.message : String(error));
};

const withoutStop = (text: string): string => text.replace(/\.$/, "");

/** Returns whether an import is not finished. */
export const isUnfinished = (importing: Importing | undefined): boolean =>
  importing?.kind === "sending" || importing?.kind === "running";
