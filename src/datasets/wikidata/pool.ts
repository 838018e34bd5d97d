import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { MmelError } from "../../core/index.js";
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

/** Beside this module when built; from source, where the build puts it. */
const WORKER = new URL(
  import.meta.url.endsWith(".ts") ? "../../../dist/datasets/wikidata/worker.js" : "./worker.js",
  import.meta.url,
);

/** A thread holds a block and what it makes of it: the objects of the longest line are some ten times its length. */
const LIMITS = { maxOldGenerationSizeMb: 384, maxYoungGenerationSizeMb: 16 };

/** As many threads as there are processors: what unpacks the file is a thread of its own, and seldom needs a whole one. */
export function createScanPool(start: Start, threads = availableParallelism()): ScanPool {
  const workers = Array.from({ length: threads }, () => createScanner(start));
  let next = 0;
  return {
    width: 2 * threads,
    scan: (lines) => workers[next++ % threads]!.scan(lines),
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map(({ terminate }) => terminate()));
    },
  };
}

function createScanner(start: Start) {
  const worker = new Worker(WORKER, { workerData: start, resourceLimits: LIMITS });
  type Waiting = { resolve: (answer: Answer) => void; reject: (error: unknown) => void };
  const waiting: Waiting[] = [];
  let death: MmelError | undefined;
  worker.on("message", (answer: Answer) => waiting.shift()?.resolve(answer));
  worker.on("error", (cause) => {
    death = new MmelError("INTERNAL", {
      what: `a thread that reads the dump died (${String(cause)})`,
      cause,
    });
    for (const { reject } of waiting.splice(0)) reject(death);
  });
  return {
    scan: ({ bytes, line }: Lines): Promise<Answer> => {
      if (death !== undefined) return Promise.reject(death);
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        worker.postMessage({ bytes, line } satisfies Question, [bytes.buffer as ArrayBuffer]);
      });
    },
    terminate: () => worker.terminate(),
  };
}
