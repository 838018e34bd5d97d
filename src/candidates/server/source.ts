import { type Candidate, type Entity, fold } from "../../core/index.js";
import type { NameIndex, Posting } from "../../kb/store.js";
import { createCandidateSource } from "../create.js";
import { type Form, formsOf } from "../name.js";
import type { CandidateSource } from "../source.js";
import { acronymLookup, type Lookup, lookupsOf, type Way } from "./lookups.js";
import { prospectsOf } from "./prospects.js";
import { createSimilarWords, type SimilarWords, wordsOf } from "./similar.js";

/** Names looked up with the same statements. */
const CHUNK = 32;

/** Entities fetched and scored exactly for each candidate that is wanted, and at least. */
const PER_CANDIDATE = 3;
const LEAST = 100;

/** Entries of a posting that are read, and of one whose word too many have, when there are several words. */
const SOME = 4096;
const MANY = 64 * 4096;

/**
 * Candidates from the index that a server keeps. In two stages: the words of the mention, and those similar to them, bring
 * entities in the order of what they promise; the best few hundred are fetched and scored exactly as an embedded index
 * does. Small knowledge bases also give the entities whose whole names share trigrams; those no larger than the
 * shortlist are scored whole.
 */
export function createServerSource(index: NameIndex): CandidateSource {
  const words = createSimilarWords(index);
  return {
    async candidates(names, limit) {
      const all: (readonly Candidate[])[] = [];
      for (let at = 0; at < names.length; at += CHUNK)
        all.push(...(await lookUp(index, words, names.slice(at, at + CHUNK), limit)));
      return all;
    },
    [Symbol.asyncDispose]: async () => {},
  };
}

async function lookUp(
  index: NameIndex,
  words: SimilarWords,
  names: readonly string[],
  limit: number,
): Promise<(readonly Candidate[])[]> {
  const forms = names.map(formsOf);
  const most = LEAST + PER_CANDIDATE * limit;
  const everyone = Array.from({ length: Math.min(index.size, most) }, (_, number) => number);
  const [, whole] = await Promise.all([
    words.load(forms.flatMap(wordsOf)),
    Promise.all(names.map((name) => (index.size <= most ? everyone : index.similarNames(fold(name))))),
  ]);
  const plans = forms.map((all) => all.map((form) => planOf(form, words)));
  const postings = await fetchPostings(index, plans.flat());
  const prospects = plans.map((plan, at) => [
    ...new Set([...plan.flatMap((lookups) => prospectsOf(lookups, postings, most)), ...whole[at]!]),
  ]);
  const entities = await index.entities([...new Set(prospects.flat())]);
  return Promise.all(
    names.map((name, at) => {
      const own = prospects[at]!.flatMap((number) => entities.get(number) ?? []);
      return scoreExactly(name, own, limit);
    }),
  );
}

function planOf(form: Form, words: SimilarWords): Lookup[] {
  return [...lookupsOf(form, words), ...acronymLookup(form)];
}

/** The postings of all ways; long ones whole only where that tells apart more entities than are fetched. */
async function fetchPostings(
  index: NameIndex,
  plans: readonly Lookup[][],
): Promise<ReadonlyMap<string, Posting>> {
  const some = new Set<string>();
  const many = new Set<string>();
  for (const lookups of plans) {
    const several = lookups.filter(({ ways }) => ways.some(isLong)).length > 1;
    for (const { ways } of lookups)
      for (const way of ways) (several && isLong(way) ? many : some).add(way.token);
  }
  const [short, long] = await Promise.all([index.postings([...some], SOME), index.postings([...many], MANY)]);
  return new Map([...short, ...long]);
}

function isLong({ entities = 0, sim }: Way): boolean {
  return entities > SOME && sim >= 0.9;
}

async function scoreExactly(
  name: string,
  entities: readonly Entity[],
  limit: number,
): Promise<readonly Candidate[]> {
  const [candidates] = await createCandidateSource(entities, { exact: true }).candidates([name], limit);
  return candidates!;
}
