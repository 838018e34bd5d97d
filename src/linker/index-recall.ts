import { measureRecall, openCandidateIndex, type RecallOptions } from "../candidates/index.js";
import { MmelError } from "../core/index.js";
import { openStore, showTarget } from "../kb/index.js";
import { indexFileOf } from "./candidate-index.js";

/** How much of the exact candidate lists the index in front of a large knowledge base keeps, over the given names. `ABORTED`. */
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
      what: "this knowledge base has no candidate index",
      where: showTarget(kb),
    });
  await using exact = await openCandidateIndex(file, store, { exact: true });
  await using indexed = await openCandidateIndex(file, store);
  return await measureRecall(exact, indexed, names, limit, options);
}
