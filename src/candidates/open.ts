import { MmelError } from "../core/index.js";
import type { EntityStore } from "../kb/store.js";
import { searchTables } from "./create.js";
import { readTables } from "./file.js";
import type { SearchOptions } from "./search.js";
import type { CandidateSource } from "./source.js";

/**
 * Opens an index that `buildCandidateIndex` wrote, over the store whose entities it names.
 * `KB_NOT_FOUND`; `KB_DAMAGED` when the file was cut or altered or belongs to another version of the store; `KB_TOO_NEW`.
 */
export async function openCandidateIndex(
  path: string,
  store: Pick<EntityStore, "getMany" | "manifest">,
  options?: SearchOptions,
): Promise<CandidateSource> {
  const { tables, version } = await readTables(path);
  if (version !== store.manifest.version) {
    throw new MmelError("KB_DAMAGED", {
      what: `the candidate index belongs to version ${version} of the knowledge base`,
      where: path,
      expected: `version ${store.manifest.version}`,
      hint: "importing the knowledge base again",
    });
  }
  return searchTables(tables, store, options);
}
