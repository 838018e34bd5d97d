import { join } from "node:path";
import { measureRecall, openCandidateIndex } from "../candidates/index.js";
import { MmelError } from "../core/index.js";
import { openStore } from "../kb/index.js";
import { CANDIDATE_INDEX } from "./parts.js";

/** How much of the exact candidate lists the index in front of a large knowledge base keeps, over the given names. */
export async function indexRecall(
  kb: string,
  names: readonly string[],
  limit: number,
): Promise<Awaited<ReturnType<typeof measureRecall>>> {
  await using store = await openStore(kb);
  if (store.folder === undefined)
    throw new MmelError("CONFIG", { what: "this knowledge base has no candidate index", where: kb });
  const path = join(store.folder, CANDIDATE_INDEX);
  const [exact, indexed] = await Promise.all([
    openCandidateIndex(path, store, { exact: true }),
    openCandidateIndex(path, store, { exact: false }),
  ]);
  return await measureRecall(exact, indexed, names, limit);
}
