import { join } from "node:path";
import {
  type CandidateSource,
  measureRecall,
  openCandidateIndex,
  type RecallOptions,
} from "../candidates/index.js";
import { MmelError } from "../core/index.js";
import { type EntityStore, openStore, showTarget } from "../kb/index.js";

/** Name of the candidate index in the folder of a version of a knowledge base, and of its attachment on a server. */
export const CANDIDATE_INDEX = "candidates.bin";

type IndexFile = Parameters<typeof openCandidateIndex>[0];
type Options = Parameters<typeof openCandidateIndex>[2];

/**
 * Opens the candidate index that `importKb` built for a store; undefined for a store in memory, which has none. Throws
 * `KB_NOT_FOUND` if an older version imported the store without an index, and the errors of `openCandidateIndex`.
 */
export async function openIndex(
  store: EntityStore,
  options: Options = {},
): Promise<CandidateSource | undefined> {
  const file = await indexFileOf(store);
  return file === undefined ? undefined : openCandidateIndex(file, store, options);
}

/** The index file: its path in a folder, or its bytes, downloaded from a server. */
async function indexFileOf(store: EntityStore): Promise<IndexFile | undefined> {
  if (store.folder !== undefined) return join(store.folder, CANDIDATE_INDEX);
  if (store.attachment === undefined) return undefined;
  const bytes = await store.attachment(CANDIDATE_INDEX);
  const where = `knowledge base ${store.manifest.name}`;
  if (bytes !== undefined) return { bytes, where };
  throw new MmelError("KB_NOT_FOUND", {
    what: "this version has no candidate index because an older mmel imported it",
    where,
    hint: "Import the knowledge base again.",
  });
}

/**
 * Measures how many of the candidates of an exhaustive search the candidate index finds, for the given names. Throws
 * `CONFIG` if the knowledge base has no index; `ABORTED`.
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
