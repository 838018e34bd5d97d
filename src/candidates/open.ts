import { MmelError } from "../core/index.js";
import type { EntityStore } from "../kb/store.js";
import { searchWith } from "./source.js";
import { type IndexFile, readTables } from "./index-file.js";
import { createFinder, type Finder } from "./finder.js";
import type { SearchOptions } from "./search.js";
import type { CandidateSource } from "./source.js";
import { canThread, createThreadedFinder } from "./threaded-finder.js";

export interface OpenOptions extends SearchOptions {
  /** Search in a thread of its own (false), while this one does something else. */
  readonly thread?: boolean;
}

/**
 * Opens an index that `buildCandidateIndex` wrote, over the store whose entities it names. With a thread, bytes go over to it.
 * `KB_NOT_FOUND`; `KB_DAMAGED` when the file was cut or altered or belongs to another version of the store; `KB_TOO_NEW`.
 */
export async function openCandidateIndex(
  file: IndexFile,
  store: Pick<EntityStore, "getMany" | "manifest">,
  { thread = false, ...options }: OpenOptions = {},
): Promise<CandidateSource> {
  const { finder, version } = await (thread && canThread() ? createThreadedFinder : openHere)(file, options);
  if (version === store.manifest.version) return searchWith(finder, store);
  await finder[Symbol.asyncDispose]();
  throw new MmelError("KB_DAMAGED", {
    what: `the candidate index belongs to version ${version} of the knowledge base`,
    where: typeof file === "string" ? file : file.where,
    expected: `version ${store.manifest.version}`,
    hint: "importing the knowledge base again",
  });
}

async function openHere(
  file: IndexFile,
  options: SearchOptions,
): Promise<{ readonly finder: Finder; readonly version: string }> {
  const { tables, version } = await readTables(file);
  return { finder: createFinder(tables, options), version };
}
