import { type Caption, type CaptionCandidates, createRandom, type Random } from "../core/index.js";

type Captions = Iterable<Caption> | AsyncIterable<Caption>;

/** Yields the captions with at least one annotated mention. */
export async function* annotated(captions: Captions): AsyncGenerator<Caption> {
  for await (const caption of captions)
    if (caption.mentions.some(({ gold }) => gold !== undefined)) yield caption;
}

/**
 * Draws a uniform sample of `size` captions in one pass (Vitter's algorithm R). Returns the captions in their
 * original order.
 */
export async function sampleCaptions(
  captions: Captions,
  size: number,
  random: Random,
): Promise<readonly Caption[]> {
  const kept: { readonly index: number; readonly caption: Caption }[] = [];
  let index = 0;
  for await (const caption of captions) {
    const slot = index < size ? index : random.below(index + 1);
    if (slot < size) kept[slot] = { index, caption };
    index++;
  }
  return kept.sort((a, b) => a.index - b.index).map(({ caption }) => caption);
}

/** The picture with which a caption is evaluated: its own picture, no picture, or the picture of another caption. */
export type CaptionPictures = "own" | "none" | "swapped";

/**
 * Replaces or removes the captions' pictures. Swapping permutes the pictures, so each picture is used as often as
 * before. No caption keeps its own picture, unless more than half of the captions with a picture share the same one.
 * Swapping holds all captions in memory.
 */
export async function* withPictures(
  captions: Captions,
  pictures: CaptionPictures,
  seed: number,
): AsyncGenerator<Caption> {
  if (pictures === "swapped") yield* swapped(captions, seed);
  else
    for await (const caption of captions) yield pictures === "none" ? withImage(caption, undefined) : caption;
}

/** Removes the pictures of all candidate entities. */
export function withoutEntityPictures<Found extends CaptionCandidates>(found: Found): Found {
  const candidates = found.candidates.map((list) =>
    list.map((candidate) => ({ ...candidate, entity: { ...candidate.entity, images: [] } })),
  );
  return { ...found, candidates };
}

async function* swapped(captions: Captions, seed: number): AsyncGenerator<Caption> {
  const all: Caption[] = [];
  for await (const caption of captions) all.push(caption);
  const paths = all.flatMap(({ image }) => image ?? []);
  const others = permuted(paths, seed);
  let next = 0;
  for (const caption of all) yield caption.image === undefined ? caption : withImage(caption, others[next++]);
}

/**
 * Permutes the paths: groups equal paths, arranges the groups in random order, and rotates the sequence by the size
 * of the largest group.
 */
function permuted(paths: readonly string[], seed: number): string[] {
  const groups = new Map<string, number[]>();
  for (const index of createRandom(`${seed}/pictures`).shuffle([...paths.keys()])) {
    const group = groups.get(paths[index]!) ?? [];
    groups.set(paths[index]!, group);
    group.push(index);
  }
  const order = [...groups.values()].flat();
  const largest = Math.max(0, ...[...groups.values()].map(({ length }) => length));
  const others = new Array<string>(paths.length);
  order.forEach((index, place) => {
    others[index] = paths[order[(place + largest) % order.length]!]!;
  });
  return others;
}

function withImage({ image: _, ...caption }: Caption, image: string | undefined): Caption {
  return image === undefined ? caption : { ...caption, image };
}
