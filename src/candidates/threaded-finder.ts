import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TableFile } from "../core/table-file.js";
import { openWorkerChannel, workerUrl } from "../core/worker-channel.js";
import type { Finder, Found, NameAmong, NameInText, SearchOptions } from "./search.js";

/** The `workerData` that is passed to the worker thread. */
export interface Start {
  readonly file: TableFile;
  readonly options?: SearchOptions | undefined;
}

export type Request =
  | { readonly kind: "open" }
  | { readonly kind: "find"; readonly names: readonly string[]; readonly limit: number }
  | { readonly kind: "findAmong"; readonly names: readonly NameAmong[]; readonly limit: number }
  | { readonly kind: "namesIn"; readonly texts: readonly string[] };

/**
 * The response of the worker. For "open", the version of the index. For "find" and "findAmong", the entities found for
 * each name. For "namesIn", the names found in each text.
 */
export type Answer = string | readonly Found[] | readonly (readonly NameInText[])[];

const WORKER = workerUrl(import.meta.url, "worker.js");

/** Returns whether the worker's script exists. A bundler may have left it out. */
export const canThread = (): boolean => existsSync(fileURLToPath(WORKER));

/**
 * Creates a finder that searches an index file in a worker thread. The worker can find the candidates of the next
 * captions while this thread scores the current captions. An idle finder does not keep the process alive. Throws the
 * same errors as `readTables`.
 */
export async function createThreadedFinder(
  file: TableFile,
  options?: SearchOptions,
): Promise<{ readonly finder: Finder; readonly version: string }> {
  const channel = openWorkerChannel<Request, Answer>(WORKER, {
    name: "candidate index",
    code: "INTERNAL",
    workerData: { file, options } satisfies Start,
    transferList: typeof file === "string" ? [] : [file.bytes],
  });
  try {
    const version = (await channel.ask({ kind: "open" })) as string;
    const finder: Finder = {
      find: async (names, limit) => (await channel.ask({ kind: "find", names, limit })) as readonly Found[],
      findAmong: async (names, limit) =>
        (await channel.ask({ kind: "findAmong", names, limit })) as readonly Found[],
      namesIn: async (texts) =>
        (await channel.ask({ kind: "namesIn", texts })) as readonly (readonly NameInText[])[],
      [Symbol.asyncDispose]: () => channel.close(),
    };
    return { finder, version };
  } catch (error) {
    await channel.close();
    throw error;
  }
}
