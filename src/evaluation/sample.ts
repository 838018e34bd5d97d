import type { Caption, Random } from "../core/index.js";

/** `size` of the captions, drawn uniformly in one pass (Vitter's algorithm R), in the order in which they came. */
export async function sampleCaptions(
  captions: Iterable<Caption> | AsyncIterable<Caption>,
  size: number,
  random: Random,
): Promise<readonly Caption[]> {
  const kept: { readonly at: number; readonly caption: Caption }[] = [];
  let at = 0;
  for await (const caption of captions) {
    const slot = at < size ? at : random.below(at + 1);
    if (slot < size) kept[slot] = { at, caption };
    at++;
  }
  return kept.sort((a, b) => a.at - b.at).map(({ caption }) => caption);
}
