import { type Caption, type CaptionCandidates, createRandom } from "../core/index.js";

/** Which picture a caption is evaluated with: its own, none, or another caption's, drawn with the seed. */
export type CaptionPictures = "own" | "none" | "swapped";

/**
 * The captions with the pictures that they are to be evaluated with. Swapped ones are a permutation: each picture serves as
 * often as before, and no caption keeps its path unless most captions have the same. Swapping holds all captions in memory.
 */
export async function* withPictures(
  captions: Iterable<Caption> | AsyncIterable<Caption>,
  pictures: CaptionPictures,
  seed: number,
): AsyncGenerator<Caption> {
  if (pictures === "swapped") yield* swapped(captions, seed);
  else
    for await (const caption of captions) yield pictures === "none" ? withImage(caption, undefined) : caption;
}

/** The candidates as if no entity had a picture. */
export function withoutEntityPictures<Found extends CaptionCandidates>(found: Found): Found {
  const candidates = found.candidates.map((list) =>
    list.map((candidate) => ({ ...candidate, entity: { ...candidate.entity, images: [] } })),
  );
  return { ...found, candidates };
}

async function* swapped(
  captions: Iterable<Caption> | AsyncIterable<Caption>,
  seed: number,
): AsyncGenerator<Caption> {
  const all: Caption[] = [];
  for await (const caption of captions) all.push(caption);
  const others = othersOf(
    all.flatMap(({ image }) => image ?? []),
    seed,
  );
  let next = 0;
  for (const caption of all) yield caption.image === undefined ? caption : withImage(caption, others[next++]);
}

/** For each path another one: equal ones are laid side by side in a drawn order, and all move on by the largest group. */
function othersOf(paths: readonly string[], seed: number): string[] {
  const groups = new Map<string, number[]>();
  for (const at of createRandom(`${seed}/pictures`).shuffle([...paths.keys()])) {
    const group = groups.get(paths[at]!) ?? [];
    groups.set(paths[at]!, group);
    group.push(at);
  }
  const order = [...groups.values()].flat();
  const largest = Math.max(0, ...[...groups.values()].map(({ length }) => length));
  const others = new Array<string>(paths.length);
  order.forEach((at, place) => {
    others[at] = paths[order[(place + largest) % order.length]!]!;
  });
  return others;
}

function withImage({ image: _, ...caption }: Caption, image: string | undefined): Caption {
  return image === undefined ? caption : { ...caption, image };
}
