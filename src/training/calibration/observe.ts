import { type Caption, createRandom, goldId } from "../../core/index.js";
import { type Judged, retrieverOf } from "../../evaluation/index.js";
import { type Parts, rankAll } from "../../linker/index.js";
import { readEvidence } from "../../models/calibration/index.js";
import { varied } from "../variations.js";
import type { Observed } from "./fit-calibration.js";

/** A given caption, or a copy with a rewritten name. `index` is the index of the given caption in both cases. */
export interface Input {
  readonly caption: Caption;
  readonly index: number;
  readonly isCopy: boolean;
}

export const asGiven = (caption: Caption, index: number): Input => ({ caption, index, isCopy: false });

/** Adds a copy of each caption in which one name is rewritten by a random rule, if a rule applies. */
export async function withVariations(
  captions: readonly Caption[],
  { store }: Parts,
  seed: number,
): Promise<Input[]> {
  const ids = captions.flatMap(({ mentions }) => mentions.flatMap((mention) => goldId(mention) ?? []));
  const entities = await store.getMany([...new Set(ids)]);
  const random = createRandom(`${seed}/variations`);
  return captions.flatMap((caption, index) => {
    const copy = varied(caption, (id) => entities.get(id), random);
    const given = asGiven(caption, index);
    return copy === undefined ? [given] : [given, { caption: copy.caption, index, isCopy: true }];
  });
}

export interface ObserveOptions {
  readonly candidates: number;
  /** Entities to treat as missing from the knowledge base: they are removed from the candidates (default: none). */
  readonly hidden?: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
  /** Called after each caption. */
  readonly onProgress?: () => void;
}

/**
 * Ranks captions in the same way as `mmel link` and returns the evidence of the mentions that have a gold annotation. A
 * gold entity that is missing from the knowledge base counts as NIL. The coverage of all observations is the share of
 * mentions whose gold entity the knowledge base contains.
 */
export async function observe(
  inputs: readonly Input[],
  parts: Parts,
  { candidates, hidden, signal, onProgress }: ObserveOptions,
): Promise<Observed[]> {
  const observed: Omit<Observed, "coverage">[] = [];
  const found = retrieverOf("retrieval", parts, candidates);
  const retrieve: typeof found =
    hidden === undefined
      ? found
      : async (captions) => (await found(captions)).map((one) => without(one, hidden));
  const options = { pictures: parts.pictures, ...(signal && { signal }) };
  const captions = inputs.map(({ caption }) => caption);
  let next = 0;
  for await (const { found, ranked, fullNames } of rankAll(captions, retrieve, parts.model, options)) {
    const { index, isCopy } = inputs[next++]!;
    for (const [mention, { text, gold }] of found.caption.mentions.entries()) {
      if (gold === undefined) continue;
      const id = found.gold[mention]!.entity?.id;
      const place = ranked[mention]!.findIndex(({ candidate }) => candidate.entity.id === id);
      const missing = id === undefined ? -1 : undefined;
      observed.push({
        caption: index,
        isCopy,
        evidence: readEvidence(fullNames[mention]?.text ?? text, ranked[mention]!),
        gold: place < 0 ? missing : place,
      });
    }
    onProgress?.();
  }
  const coverage = observed.filter(({ gold }) => gold !== -1).length / Math.max(1, observed.length);
  return observed.map((mention) => ({ ...mention, coverage }));
}

/** Removes hidden entities from the candidates and from the gold entities of a caption. */
function without(judged: Judged, hidden: ReadonlySet<string>): Judged {
  return {
    ...judged,
    candidates: judged.candidates.map((list) => list.filter(({ entity }) => !hidden.has(entity.id))),
    gold: judged.gold.map((facts) => (facts.entity && hidden.has(facts.entity.id) ? {} : facts)),
  };
}
