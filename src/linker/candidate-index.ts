import { join } from "node:path";
import { type CandidateSource, openCandidateIndex } from "../candidates/index.js";
import { MmelError } from "../core/index.js";
import type { EntityStore } from "../kb/index.js";

/** What the candidate index is called in the folder of a knowledge base's version, and on a server. */
export const CANDIDATE_INDEX = "candidates.bin";

type IndexFile = Parameters<typeof openCandidateIndex>[0];
type Options = Parameters<typeof openCandidateIndex>[2];

/** The candidate index that `importKb` made of a store's entities; undefined for a store in memory. As `openCandidateIndex`. */
export async function openIndex(
  store: EntityStore,
  options: Options = {},
): Promise<CandidateSource | undefined> {
  const file = await indexFileOf(store);
  return file === undefined ? undefined : openCandidateIndex(file, store, options);
}

/** The file of that index: its path, or on a server its bytes, which are fetched. `KB_NOT_FOUND`. */
export async function indexFileOf(store: EntityStore): Promise<IndexFile | undefined> {
  if (store.folder !== undefined) return join(store.folder, CANDIDATE_INDEX);
  if (store.attachment === undefined) return undefined;
  const bytes = await store.attachment(CANDIDATE_INDEX);
  const where = `knowledge base ${store.manifest.name}`;
  if (bytes !== undefined) return { bytes, where };
  throw new MmelError("KB_NOT_FOUND", {
    what: "this version has no candidate index; an older mmel imported it",
    where,
    hint: "importing the knowledge base again",
  });
}
