import { remembered } from "../../names/index.js";
import type { RankedEvidence } from "../model.js";
import { compareNames, type NameComparison } from "./name-comparison.js";

/** What is known about a mention and its ranked candidates. The evidence is computed from it. */
interface Facts {
  readonly ranked: readonly RankedEvidence[];
  readonly names: NameComparison;
  /** The named terms from which the first candidate's m is computed (see `MentionScores.explain`). */
  readonly parts: Readonly<Record<string, number>>;
}

interface Evidence {
  /** The initial weight. The fit keeps the weight near this value if few captions contain this evidence. */
  readonly weight: number;
  /** 1 or −1 if the weight must not have the opposite sign. */
  readonly sign?: 1 | -1;
  /** Whether the fit leaves the weight unchanged. */
  readonly fixed?: true;
  readonly of: (facts: Facts) => number;
}

/** Minimum share in `logOf`. It keeps the logarithms above −14. */
const MIN_SHARE = 1e-6;
const logOf = (share: number): number => Math.log(Math.max(MIN_SHARE, share));

type Field = keyof NameComparison["first"];
const agreement = (field: Field, weight: number, sign?: 1 | -1): Evidence => ({
  weight,
  ...(sign !== undefined && { sign }),
  of: ({ names }) => Number(names.first[field] ?? 0),
});

/**
 * The features of the logistic regression that predicts NIL, by name. All of them describe the first candidate: how its
 * names agree with the mention or contradict it, how well the candidate fits the caption, whether other candidates are
 * close, and whether other mentions support it. A positive weight is evidence for NIL. The initial weights are rounded
 * results of a fit to Wikidata-MEL. The weight of contradicted facts is fixed, because captions with gold entities
 * contain too few of them.
 */
const TABLE = {
  constant: { weight: 9, of: () => 1 },
  "name score": { weight: -4, sign: -1, of: ({ names }) => names.score },
  "family name": agreement("family", -2, -1),
  "given name": agreement("given", -0.5, -1),
  "words of the mention": agreement("mention", -2.5, -1),
  "words of the name": agreement("name", -1.5, -1),
  "whole name": agreement("exact", -2.5, -1),
  "one word": { weight: 0.5, of: ({ names }) => Number(names.oneWord) },
  "one word is the whole name": {
    weight: 2.5,
    of: ({ names }) => Number(names.oneWord) * Number(names.first.exact ?? 0),
  },
  "other family name": agreement("otherFamily", 3.5, 1),
  "other given name": agreement("otherGiven", 3.5, 1),
  "other middle name": agreement("otherMiddle", 2, 1),
  "additional names": agreement("extra", 0.7, 1),
  "other generation": agreement("otherGeneration", 6, 1),
  "generation only in mention": agreement("generationInMention", 0),
  "generation only in name": agreement("generationInName", 0.5),
  "given name only": agreement("givenOnly", 0),
  initials: agreement("initials", 1),
  nicknames: agreement("nicknames", 1),
  spellings: agreement("spellings", 0),
  typos: agreement("typos", 0),
  reordered: agreement("reordered", 0.5),
  rivals: { weight: 0.1, of: ({ names }) => Math.log1p(names.rivals) },
  "better name": { weight: 0, of: ({ names }) => names.better },
  "log of the first share": { weight: 0, of: ({ ranked }) => logOf(ranked[0]!.share) },
  "log of the other shares": { weight: 0.2, sign: 1, of: ({ ranked }) => logOf(1 - ranked[0]!.share) },
  support: { weight: -1, sign: -1, of: ({ ranked }) => supportOf(ranked[0]!) },
  context: { weight: -1.5, sign: -1, of: ({ parts }) => contextOf(parts) },
  "stated facts differ": {
    weight: 6,
    fixed: true,
    of: ({ parts }) => countOf(FACTS, parts) + titleOf(parts),
  },
  "kinds differ": { weight: 1.5, sign: 1, of: ({ parts }) => Math.min(1, countOf(MISMATCHES, parts)) },
} as const satisfies Record<string, Evidence>;

export type EvidenceName = keyof typeof TABLE;
/** Names of the evidence for NIL, in the order of `MentionEvidence.nil`. */
export const EVIDENCE = Object.keys(TABLE) as readonly EvidenceName[];
/**
 * Initial weights of the evidence and the constraints on the fitted weights (see `Evidence`), in the order of
 * `EVIDENCE`.
 */
export const EVIDENCE_PRIORS: readonly Pick<Evidence, "weight" | "sign" | "fixed">[] = Object.values(TABLE);

/** The numbers from which the probabilities of a mention are computed. */
export interface MentionEvidence {
  /** The evidence for NIL, in the order of `EVIDENCE`. */
  readonly nil: readonly number[];
  /** The logarithm of each candidate's `RankedEvidence.share`, in ranked order. */
  readonly logShares: readonly number[];
  /** The collaborative term of each candidate, in ranked order; 0 if the share already includes the other mentions. */
  readonly terms: readonly number[];
}

/** Computes the evidence of a mention from its ranked candidates. Returns undefined if there are no candidates. */
export function readEvidence(
  mention: string,
  ranked: readonly RankedEvidence[],
): MentionEvidence | undefined {
  if (ranked.length === 0) return undefined;
  const parts = ranked[0]!.explain?.() ?? {};
  const facts = { ranked, names: compareNames(mention, ranked), parts };
  return {
    nil: Object.values<Evidence>(TABLE).map(({ of }) => of(facts)),
    logShares: ranked.map(({ share }) => Math.log(Math.max(TINY, share))),
    terms: ranked.map(({ share, match, collaborative }) => (share === match ? collaborative : 0)),
  };
}

const TINY = 1e-30;

/** A gain (see `RankedEvidence.support`) of this value or more counts as 1. */
const STRONG_SUPPORT = 6;

/** Returns how strongly another mention of the caption supports a candidate, in [0, 1]. */
const supportOf = ({ support }: RankedEvidence): number =>
  Math.min(1, (support?.()?.gain ?? 0) / STRONG_SUPPORT);

/**
 * Parts of a score that `contextOf` leaves out: the groups that do not depend on the caption, and a network's score.
 */
const NOT_CONTEXT: ReadonlySet<string> = new Set(["name", "agreement", "prior", "network"]);
/** Returns whether `contextOf` includes a part of a score in its sum. Caches the results. */
const isContext = remembered(1000, (part) => !NOT_CONTEXT.has(part.split("/")[0]!));
/** `contextOf` divides the sum by `scale` and limits the result to [−`limit`, `limit`]. */
const CONTEXT = { scale: 5, limit: 3 } as const;

/** Returns the sum of the parts of a score that compare the caption with the entity, scaled and limited. */
function contextOf(parts: Facts["parts"]): number {
  const sum = Object.entries(parts).reduce(
    (total, [part, value]) => (isContext(part) ? total + value : total),
    0,
  );
  return Math.max(-CONTEXT.limit, Math.min(CONTEXT.limit, sum / CONTEXT.scale));
}

/** Parts of the lexical ranker's score that occur if the knowledge base contradicts a fact that the caption states. */
const FACTS = ["life/birth differs", "life/death differs", "agreement/sex differs", "roles/type differs"];
/**
 * Parts of the lexical ranker's score that occur if the entity's occupation does not go with the mention's title, and
 * the share of a contradicted fact that each counts as.
 */
const TITLES = { "roles/title differs": 0.6, "roles/office differs": 0.25 } as const;
const titleOf = (parts: Facts["parts"]): number =>
  Object.entries(TITLES).reduce((sum, [part, share]) => (parts[part] === undefined ? sum : sum + share), 0);
/** Parts of the lexical ranker's score that occur if the mention and the entity are of different kinds. */
const MISMATCHES = ["roles/place word, person", "roles/title, not person", "roles/kind beside differs"];

/** Returns how many of the named parts occur in a score. */
const countOf = (names: readonly string[], parts: Facts["parts"]): number =>
  names.filter((name) => parts[name] !== undefined).length;
