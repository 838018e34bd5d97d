import type { Candidate } from "../core/index.js";
import { createNameReader, parseName } from "../names/index.js";

/** Finds entities of the knowledge base with a name similar to a given name. */
export interface SimilarSearch {
  /**
   * Returns the highest name score of an entity whose family name agrees with `name`, or 0 if there is none. Unless
   * `strict` is false, the given names must not contradict each other, and most of `name` must agree. None of this is
   * required if the name score is at least 0.8.
   */
  fit(name: string, strict?: boolean): Promise<number>;
  /** Returns the entity with the most similar name; undefined if no name is similar. */
  best(name: string): Promise<Candidate | undefined>;
}

/** Maximum number of look-ups per text. */
const MAX_LOOKUPS = 16;
/** Number of candidates that are compared with a name, and maximum number of aliases per candidate. */
export const COMPARED = { candidates: 3, aliases: 20 } as const;
/**
 * Minimum similarity of the family names, minimum share of the mention that must agree, and minimum name score at which
 * neither is checked.
 */
const MIN = { family: 0.7, mention: 0.75, score: 0.8 } as const;
/** Matches the initials in a name. They need not agree, because they may be in another script. */
const INITIALS = /(?<!\p{L})\p{Lu}\p{M}*(?:\.|(?=\s))[\s-]*/gu;

/**
 * Creates a search for one text. It looks up the first `MAX_LOOKUPS` different names, and finds nothing for further
 * names.
 */
export function createSimilarSearch(lookUp: (name: string) => Promise<readonly Candidate[]>): SimilarSearch {
  const found = new Map<string, readonly Candidate[]>();
  const similar = async (name: string): Promise<readonly Candidate[]> => {
    if (!found.has(name)) found.set(name, found.size < MAX_LOOKUPS ? await lookUp(name) : []);
    return found.get(name)!;
  };
  return {
    fit: async (name, strict = true) => {
      const candidates = (await similar(name)).slice(0, COMPARED.candidates);
      return Math.max(0, ...candidates.map((candidate) => fitOf(name, candidate, strict)));
    },
    best: async (name) => (await similar(name))[0],
  };
}

function fitOf(name: string, { entity, nameScore }: Candidate, strict: boolean): number {
  if (nameScore >= MIN.score) return nameScore;
  const names = [entity.label, ...entity.aliases.slice(0, COMPARED.aliases)].map((written) =>
    parseName(written),
  );
  const reader = createNameReader(parseName(name.replace(INITIALS, "")));
  const found = reader.agreement(names);
  if (found === undefined || found.family < MIN.family || found.otherFamily > 0) return 0;
  return !strict || (found.mention >= MIN.mention && found.otherGiven === 0) ? nameScore : 0;
}
