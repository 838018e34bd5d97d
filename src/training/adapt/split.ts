import { type Caption, createRandom, goldId } from "../../core/index.js";

/**
 * Assigns captions to parts at random, so that the parts have about these sizes. Captions whose first gold entity is the
 * same are in the same part: the parts then name different people, as new captions do. Returns the part of each caption.
 */
export function splitCaptions(
  captions: readonly Caption[],
  shares: readonly number[],
  seed: string,
): readonly number[] {
  const groups = new Map<string, number[]>();
  captions.forEach(({ mentions }, index) => {
    const entity = mentions.map(goldId).find((id) => id !== undefined);
    const key = entity === undefined ? `caption ${index}` : `entity ${entity}`;
    groups.set(key, [...(groups.get(key) ?? []), index]);
  });
  const sizes = shares.map(() => 0);
  const partOf = new Array<number>(captions.length);
  for (const group of createRandom(seed).shuffle([...groups.values()])) {
    // the part that is furthest below its size
    const lack = sizes.map((size, part) => shares[part]! - size / captions.length);
    const part = lack.indexOf(Math.max(...lack));
    sizes[part]! += group.length;
    for (const index of group) partOf[index] = part;
  }
  return partOf;
}
