import { join } from "node:path";
import {
  type CandidateSource,
  createCandidateSource,
  createServerSource,
  measureRecall,
  openCandidateIndex,
} from "../candidates/index.js";
import { type Entity, MmelError } from "../core/index.js";
import { type EntityStore, openStore, showTarget } from "../kb/index.js";
import { CANDIDATE_INDEX } from "./parts.js";

/** How much of the exact candidate lists the index in front of a large knowledge base keeps, over the given names. */
export async function indexRecall(
  kb: string,
  names: readonly string[],
  limit: number,
): Promise<Awaited<ReturnType<typeof measureRecall>>> {
  await using store = await openStore(kb);
  if (store.index !== undefined)
    return await measureRecall(await allInMemory(store), createServerSource(store.index), names, limit);
  if (store.folder === undefined)
    throw new MmelError("CONFIG", {
      what: "this knowledge base has no candidate index",
      where: showTarget(kb),
    });
  const path = join(store.folder, CANDIDATE_INDEX);
  const [exact, indexed] = await Promise.all([
    openCandidateIndex(path, store, { exact: true }),
    openCandidateIndex(path, store),
  ]);
  return await measureRecall(exact, indexed, names, limit);
}

/** The lists of an embedded index, which are exact, of a knowledge base on a server need all its entities here. */
async function allInMemory(store: EntityStore): Promise<CandidateSource> {
  const entities: Entity[] = [];
  for await (const entity of store.all()) entities.push(entity);
  return createCandidateSource(entities);
}
