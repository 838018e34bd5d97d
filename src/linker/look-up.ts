import type { CandidateSource } from "../candidates/index.js";
import type { Candidate, CandidateRelation, Caption, CaptionCandidates } from "../core/index.js";
import { Recent } from "../core/recent.js";
import type { Relations } from "../relations/index.js";

/** Where candidates come from: the names in a knowledge base and, if known, its relations. */
export interface Knowledge {
  readonly source: CandidateSource;
  readonly relations?: Relations | undefined;
}

/** Maximum number of related entities to consider for each candidate of another mention. */
const RELATED = 200;
/** Maximum number of related entities to consider for a mention, over all candidates of the other mentions. */
const MAX_RELATED = 5000;
/** Maximum number of candidates to add to a mention because they are related to candidates of other mentions. */
const MAX_ADDED = 50;
/** A value that at most one in 1,000 entities has gets the rarity 1. */
const RARE = Math.log(1000);
/** Number of recent entities whose relations are certainly cached. */
const CACHED = 20_000;

/**
 * Looks up the candidates for every mention of the captions. Looks up each distinct name only once. In a caption with
 * several mentions, each candidate also gets its relations. If a mention in such a caption has `limit` candidates, adds
 * up to `MAX_ADDED` entities that have a matching name and are related to a candidate of another mention.
 */
export async function lookUp(
  knowledge: Knowledge,
  captions: readonly Caption[],
  limit: number,
): Promise<readonly CaptionCandidates[]> {
  const { source, relations } = knowledge;
  const names = [...new Set(captions.flatMap(({ mentions }) => mentions.map(({ text }) => text)))];
  const lists = await source.candidates(names, limit);
  const byName = new Map(names.map((name, i) => [name, lists[i]!]));
  const found = captions.map((caption) => ({
    caption,
    candidates: caption.mentions.map(({ text }) => byName.get(text)!),
  }));
  if (relations === undefined || relations.size === 0) return found;
  const extended = await withRelated(found, source, relations, limit);
  return extended.map((caption) => withRelations(caption, relations));
}

/** Adds the relations of each candidate that has none yet, if the caption has several mentions. */
export function withRelations<Found extends CaptionCandidates>(
  found: Found,
  relations: Relations | undefined,
): Found {
  const { candidates } = found;
  if (candidates.length < 2 || relations === undefined || relations.size === 0) return found;
  const read = relationReader(relations);
  return {
    ...found,
    candidates: candidates.map((list) => list.map((one) => (one.relations === undefined ? read(one) : one))),
  };
}

/**
 * Extends the candidates of each mention that has `limit` of them: adds entities with a matching name that are related
 * to candidates of the caption's other mentions.
 */
async function withRelated(
  found: readonly CaptionCandidates[],
  source: CandidateSource,
  relations: Relations,
  limit: number,
): Promise<readonly CaptionCandidates[]> {
  const wanted = found.flatMap(({ caption, candidates }, at) =>
    candidates.flatMap((list, mention) => {
      if (list.length < limit) return [];
      const others = candidates.filter((_, other) => other !== mention);
      const ids = relatedTo(others, list, relations);
      return ids.length === 0 ? [] : [{ at, mention, name: caption.mentions[mention]!.text, ids }];
    }),
  );
  if (wanted.length === 0) return found;
  const added = await source.candidatesAmong(wanted, MAX_ADDED);
  const result = found.map(({ caption, candidates }) => ({ caption, candidates: [...candidates] }));
  wanted.forEach(({ at, mention }, index) => {
    const { candidates } = result[at]!;
    candidates[mention] = [...candidates[mention]!, ...added[index]!];
  });
  return result;
}

/** Returns the ids of the entities that have a relation to a candidate in `others` and are not in `known`. */
function relatedTo(
  others: readonly (readonly Candidate[])[],
  known: readonly Candidate[],
  relations: Relations,
): readonly string[] {
  const companions = new Set(others.flatMap((list) => list.map(({ entity }) => entity.id)));
  const own = new Set(known.map(({ entity }) => entity.id));
  return relations
    .related([...companions], RELATED)
    .slice(0, MAX_RELATED)
    .filter((id) => !own.has(id));
}

const readers = new WeakMap<Relations, (candidate: Candidate) => Candidate>();

/** Returns a function that adds an entity's relations to its candidate. The function caches these relations. */
function relationReader(relations: Relations): (candidate: Candidate) => Candidate {
  const known = readers.get(relations);
  if (known !== undefined) return known;
  const cache = new Recent<readonly CandidateRelation[]>(CACHED);
  const read = (id: string): readonly CandidateRelation[] => {
    let found = cache.get(id);
    if (found === undefined) {
      found = relations.of(id).map(({ property, key, holders, targets }) => ({
        property,
        key,
        rarity: Math.min(1, Math.log(relations.size / holders) / RARE),
        targets,
      }));
      cache.set(id, found);
    }
    return found;
  };
  const reader = (candidate: Candidate): Candidate => ({
    ...candidate,
    relations: read(candidate.entity.id),
  });
  readers.set(relations, reader);
  return reader;
}
