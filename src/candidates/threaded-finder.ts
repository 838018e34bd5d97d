import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { type ErrorCode, type ErrorDetail, MmelError } from "../core/index.js";
import type { IndexFile } from "./file.js";
import type { Finder, Found } from "./finder.js";
import type { SearchOptions } from "./search.js";

export interface Start {
  readonly file: IndexFile;
  readonly options?: SearchOptions | undefined;
}

export interface Question {
  readonly id: number;
  readonly names: readonly string[];
  readonly limit: number;
}

export type Answer =
  | { readonly kind: "open"; readonly version: string }
  | { readonly kind: "found"; readonly id: number; readonly found: readonly Found[] }
  | {
      readonly kind: "failed";
      readonly id?: number;
      readonly code: ErrorCode;
      readonly detail: Omit<ErrorDetail, "cause">;
    };

/** Beside this module when built; from source, where the build puts it. */
const WORKER = new URL(
  import.meta.url.endsWith(".ts") ? "../../dist/candidates/worker.js" : "./worker.js",
  import.meta.url,
);

/** Whether the worker's program is where it should be; a bundler may have left it out. */
export const canThread = (): boolean => existsSync(fileURLToPath(WORKER));

interface Waiting {
  readonly resolve: (found: readonly Found[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A finder over an index file that works in a thread of its own, so that candidates of the next captions are found while
 * this thread scores the present ones. Rejects as `readTables` does. An idle one does not keep the process alive.
 */
export async function createThreadedFinder(
  file: IndexFile,
  options?: SearchOptions,
): Promise<{ readonly finder: Finder; readonly version: string }> {
  const worker = new Worker(WORKER, {
    workerData: { file, options } satisfies Start,
    transferList: typeof file === "string" ? [] : [file.bytes],
  });
  const waiting = new Map<number, Waiting>();
  let questions = 0;
  let death: MmelError | undefined;

  const settle = (id: number, how: (one: Waiting) => void): void => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (one !== undefined) how(one);
  };
  const die = (what: string, cause?: unknown): void => {
    death ??= new MmelError("INTERNAL", { what, where: "candidate worker", cause });
    for (const id of [...waiting.keys()]) settle(id, ({ reject }) => reject(death));
  };
  const finder: Finder = {
    find: (names, limit) =>
      new Promise((resolve, reject) => {
        if (death !== undefined) return reject(death);
        const id = questions++;
        waiting.set(id, { resolve, reject });
        worker.ref();
        worker.postMessage({ id, names, limit } satisfies Question);
      }),
    [Symbol.asyncDispose]: async () => {
      death ??= new MmelError("INTERNAL", { what: "these candidates are closed" });
      await worker.terminate();
    },
  };
  const version = await new Promise<string>((resolve, reject) => {
    worker.on("message", (answer: Answer) => {
      if (answer.kind === "open") resolve(answer.version);
      else if (answer.kind === "found") settle(answer.id, (one) => one.resolve(answer.found));
      else {
        const error = new MmelError(answer.code, answer.detail);
        if (answer.id === undefined) reject(error);
        else settle(answer.id, (one) => one.reject(error));
      }
    });
    worker.on("error", (error) => {
      die(`the worker failed: ${error.message}`, error);
      reject(death);
    });
    worker.on("exit", (code) => {
      die(`the worker ended with code ${code}`);
      reject(death);
    });
  }).catch(async (error: unknown) => {
    await worker.terminate();
    throw error;
  });
  worker.unref();
  return { finder, version };
}
