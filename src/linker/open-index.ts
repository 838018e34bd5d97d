import { join } from "node:path";
import { type CandidateSource, openCandidateIndex } from "../candidates/index.js";
import { MmelError } from "../core/index.js";
import type { EntityStore } from "../kb/index.js";

/** What the candidate index is called in the folder of a knowledge base's version, and on a server. */
export const CANDIDATE_INDEX = "candidates.bin";

type Options = Parameters<typeof openCandidateIndex>[2];

/** The candidate index that `importKb` made of a store's entities; undefined for a store in memory. As `openCandidateIndex`. */
export async function openIndex(
  store: EntityStore,
  options: Options = {},
): Promise<CandidateSource | undefined> {
  if (store.folder !== undefined)
    return openCandidateIndex(join(store.folder, CANDIDATE_INDEX), store, options);
  if (store.attachment === undefined) return undefined;
  const bytes = await store.attachment(CANDIDATE_INDEX);
  const where = `knowledge base ${store.manifest.name}`;
  if (bytes !== undefined) return openCandidateIndex({ bytes, where }, store, options);
  throw new MmelError("KB_NOT_FOUND", {
    what: "this version has no candidate index; an older mmel imported it",
    where,
    hint: "importing the knowledge base again",
  });
}
