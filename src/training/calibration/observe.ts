import { type Caption, createRandom, type Entity } from "../../core/index.js";
import { retrieverOf } from "../../evaluation/index.js";
import { openParts, type Parts, rankAll } from "../../linker/index.js";
import type { Ranked } from "../../ranking/index.js";

/** A ranked mention with what is true of it. */
export interface Observed {
  /** Of the caption: all its mentions, in whichever knowledge base, are fitted to or measured together. */
  readonly caption: number;
  readonly ranked: readonly Ranked[];
  /** Place of gold in `ranked`; -1 for NIL; undefined where the knowledge base has gold and the candidates do not. */
  readonly gold: number | undefined;
}

export interface ObserveOptions {
  readonly candidates?: number;
  readonly signal?: AbortSignal;
  /** Called after each caption with the number of captions done. */
  readonly onProgress?: (captions: number) => void;
}

/** Ranks captions with gold as linking does. A gold entity that the knowledge base lacks is NIL. */
export async function observe(
  captions: readonly Caption[],
  parts: Parts,
  { candidates = 100, signal, onProgress }: ObserveOptions = {},
): Promise<Observed[]> {
  const observed: Observed[] = [];
  const numbers = new Map(captions.map((caption, number) => [caption, number]));
  let done = 0;
  const retrieve = retrieverOf("retrieval", parts, candidates);
  const options = { pictures: parts.pictures, ...(signal && { signal }) };
  for await (const { found, ranked } of rankAll(captions, retrieve, parts.model, options)) {
    const caption = numbers.get(found.caption)!;
    for (const [at, { gold }] of found.caption.mentions.entries()) {
      if (gold === undefined) continue;
      const id = found.gold[at]!.entity?.id;
      const place = ranked[at]!.findIndex(({ candidate }) => candidate.entity.id === id);
      const missing = id === undefined ? -1 : undefined;
      observed.push({ caption, ranked: ranked[at]!, gold: place < 0 ? missing : place });
    }
    onProgress?.(++done);
  }
  return observed;
}

/** The same knowledge base without a seeded share of its entities, in memory, so that some golds become NIL. */
export async function withHidden(parts: Parts, share: number, seed: number): Promise<Parts> {
  const random = createRandom(`${seed}/hidden`);
  const kept: Entity[] = [];
  for await (const entity of parts.store.all()) if (random.next() >= share) kept.push(entity);
  const { model, pictures: images } = parts;
  return openParts({ kb: kept, model, ...(images && { images }) });
}
