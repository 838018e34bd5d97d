import { addId, hasId } from "./id-set.js";
import { forEachPair } from "./pairs.js";
import type { SegmentFile } from "./segments.js";

/** Which item an item is now, step by step. */
export type Redirects = ReadonlyMap<number, number>;

/** How often a redirect leads to another one before it counts as leading nowhere. */
const MOST_REDIRECTS = 5;
const ARROW = 0x3e;

/** The redirects (lines `1>31`) of the items in `wanted`; what they lead to is added to it. */
export async function followRedirects(
  redirects: SegmentFile,
  wanted: Map<number, Uint32Array>,
  signal: AbortSignal | undefined,
): Promise<Redirects> {
  const found = new Map<number, number>();
  for (let hops = 0; hops < MOST_REDIRECTS; hops++) {
    const before = found.size;
    await forEachPair(redirects, ARROW, signal, (from, rest) => {
      if (!hasId(wanted, from) || found.has(from)) return;
      found.set(from, Number(rest().toString("latin1")));
      addId(wanted, found.get(from)!);
    });
    if (found.size === before) break;
  }
  return found;
}

/** An item, and what it leads to one after the other. */
export function* chainOf(item: number, redirects: Redirects): Generator<number> {
  let now: number | undefined = item;
  for (let hops = 0; hops <= MOST_REDIRECTS && now !== undefined; hops++) {
    yield now;
    now = redirects.get(now);
  }
}
