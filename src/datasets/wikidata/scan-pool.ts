import { availableParallelism } from "node:os";
import { openWorkerChannel, workerUrl } from "../../core/worker-channel.js";
import type { Lines, Scanned } from "./scanned.js";
import type { WikidataSettings } from "./settings.js";

export interface Start {
  readonly settings: WikidataSettings;
  readonly limit: number;
}
export type Question = Lines;

/** What `scanLines` found, its texts as UTF-8. */
export type Answer = Omit<Scanned, "drafts" | "labels" | "redirects"> & {
  readonly drafts: Uint8Array;
  readonly labels: Uint8Array;
  readonly redirects: Uint8Array;
};

/** Threads that scan lines. */
export interface ScanPool extends AsyncDisposable {
  /** How many blocks keep all threads busy. */
  readonly width: number;
  /** Takes over the memory of `bytes`. Rejects with `INTERNAL` when the thread dies. */
  scan(lines: Lines): Promise<Answer>;
}

/** A thread holds a block and what it makes of it: the objects of the longest line are some ten times its length. */
const LIMITS = { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 16 };

/** One thread per processor: unpacking the file is a thread of its own and seldom needs a whole processor. */
export function createScanPool(start: Start, threads = availableParallelism()): ScanPool {
  const workers = Array.from({ length: threads }, () =>
    openWorkerChannel<Question, Answer>(workerUrl(import.meta.url, "worker.js"), {
      name: "dump reader",
      code: "INTERNAL",
      workerData: start,
      resourceLimits: LIMITS,
    }),
  );
  let next = 0;
  return {
    width: 2 * threads,
    scan: ({ bytes, line }) =>
      workers[next++ % threads]!.ask({ bytes, line }, { transfer: [bytes.buffer as ArrayBuffer] }),
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}
