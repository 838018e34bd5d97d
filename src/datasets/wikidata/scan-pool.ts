import { availableParallelism } from "node:os";
import { openWorkerChannel, workerUrl } from "../../core/worker-channel.js";
import type { Lines, Scanned } from "./scan.js";
import type { WikidataSettings } from "./settings.js";

export interface ScanWorkerData {
  readonly settings: WikidataSettings;
  readonly limit: number;
}

/** The result of `scanLines`, with its texts as UTF-8 bytes. */
export type ScanAnswer = Omit<Scanned, "drafts" | "labels" | "redirects"> & {
  readonly drafts: Uint8Array;
  readonly labels: Uint8Array;
  readonly redirects: Uint8Array;
};

/** Worker threads that scan lines. */
export interface ScanPool extends AsyncDisposable {
  /** Number of concurrent scans needed to keep all threads busy. */
  readonly width: number;
  /**
   * Scans lines in a worker thread. The memory of `bytes` is transferred to the thread. Throws `INTERNAL` if the thread
   * dies.
   */
  scan(lines: Lines): Promise<ScanAnswer>;
}

/**
 * Memory limits of a thread. A thread keeps one block and its result in memory. Parsing the longest line needs about
 * ten times the line's length.
 */
const LIMITS = { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 16 };

/** Starts the threads, by default one per core. No core is kept free for decompression. */
export function createScanPool(workerData: ScanWorkerData, threads = availableParallelism()): ScanPool {
  const workers = Array.from({ length: threads }, () =>
    openWorkerChannel<Lines, ScanAnswer>(workerUrl(import.meta.url, "worker.js"), {
      name: "dump reader",
      code: "INTERNAL",
      workerData,
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
