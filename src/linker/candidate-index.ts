import { join } from "node:path";
import {
  type CandidateSource,
  measureRecall,
  openCandidateIndex,
  type RecallOptions,
} from "../candidates/index.js";
import { MmelError } from "../core/index.js";
import { type EntityStore, openStore, showTarget } from "../kb/index.js";

/**
 * Name under which a version of a knowledge base stores its candidate index: a file in the version's folder, or an
 * attachment on a server.
 */
export const CANDIDATE_INDEX = "candidates.bin";

type IndexFile = Parameters<typeof openCandidateIndex>[0];
type Options = Parameters<typeof openCandidateIndex>[2];

/**
 * Opens the candidate index that `importKb` built for a store. Returns undefined for an in-memory store. Throws
 * `KB_NOT_FOUND` if an older version of mmel imported the store without an index, and the errors of
 * `openCandidateIndex`.
 */
export async function openIndex(
  store: EntityStore,
  options: Options = {},
): Promise<CandidateSource | undefined> {
  const file = await indexFileOf(store);
  return file === undefined ? undefined : openCandidateIndex(file, store, options);
}

/**
 * Returns the index file of a store. The result is a path if the store is a folder, and the downloaded bytes if it is
 * on a server. Returns undefined for an in-memory store.
 */
async function indexFileOf(store: EntityStore): Promise<IndexFile | undefined> {
  if (store.folder !== undefined) return join(store.folder, CANDIDATE_INDEX);
  if (store.attachment === undefined) return undefined;
  const bytes = await store.attachment(CANDIDATE_INDEX);
  const where = `knowledge base ${store.manifest.name}`;
  if (bytes !== undefined) return { bytes, where };
  throw new MmelError("KB_NOT_FOUND", {
    what: "the knowledge base has no candidate index because an older version of mmel imported it",
    where,
    hint: "Import the knowledge base again.",
  });
}

/**
 * For the given names, compares the candidates from the candidate index with the candidates from an exhaustive search;
 * see `measureRecall`. Throws `CONFIG` if the knowledge base has no index, `ABORTED` if the signal fires, and the
 * errors of `openIndex`.
 */
export async function indexRecall(
  kb: string,
  names: readonly string[],
  limit: number,
  options: RecallOptions = {},
): Promise<Awaited<ReturnType<typeof measureRecall>>> {
  await using store = await openStore(kb, { signal: options.signal });
  const file = await indexFileOf(store);
  if (file === undefined)
    throw new MmelError("CONFIG", {
      what: "the knowledge base has no candidate index",
      where: showTarget(kb),
    });
  await using exact = await openCandidateIndex(file, store, { exact: true });
  await using indexed = await openCandidateIndex(file, store);
  return await measureRecall(exact, indexed, names, limit, options);
}
