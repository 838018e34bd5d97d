import { measureRecall } from "../candidates/index.js";
import { MmelError } from "../core/index.js";
import { openStore, showTarget } from "../kb/index.js";
import { openIndex } from "./open-index.js";

/** How much of the exact candidate lists the index in front of a large knowledge base keeps, over the given names. */
export async function indexRecall(
  kb: string,
  names: readonly string[],
  limit: number,
  signal?: AbortSignal,
): Promise<Awaited<ReturnType<typeof measureRecall>>> {
  await using store = await openStore(kb, { signal });
  const [exact, indexed] = [await openIndex(store, { exact: true }), await openIndex(store)];
  if (exact !== undefined && indexed !== undefined) return await measureRecall(exact, indexed, names, limit);
  throw new MmelError("CONFIG", {
    what: "this knowledge base has no candidate index",
    where: showTarget(kb),
  });
}
