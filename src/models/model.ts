import type { Candidate, CaptionCandidates } from "../core/index.js";

/**
 * Similarity S of two entities of one caption, from their features (equation 11; used for ranking as in section 3.5).
 * A feature stands for one entity or, combined, for several.
 */
export interface PairSimilarity<Feature> {
  /** The mean of two features: of a partial combination and the candidate that joins it. */
  combine(partial: Feature, candidate: Feature): Feature;
  /** S in (0, 1) of every left feature with every right one, row by row: [left, right]. One call is one batch. */
  similarities(left: readonly Feature[], right: readonly Feature[]): Promise<Float64Array>;
}

/** What a model says of one mention's candidates, in the candidates' own order. */
export interface MentionScores<Feature> {
  /** Independent score m in (0, 1); absent for a candidate that a cascade did not score. */
  readonly match: readonly (number | undefined)[];
  /** The first stage's score of each candidate, in [0, 1], which orders those without `match`; default: the name score. */
  readonly firstStage?: readonly number[];
  /** How well each candidate fits by itself, on a scale that is the same for every mention; default: nothing is known. */
  readonly strength?: readonly number[];
  /** One feature a scored candidate. */
  readonly features: readonly (Feature | undefined)[];
  /** Named parts of the score of one candidate, for reports; may be absent. Made when asked for. */
  readonly explain?: (candidate: number) => Readonly<Record<string, number>>;
}

/** Anything that scores candidates: the lexical ranker, MMEL, a cascade of both. */
export interface Model<Feature = unknown> extends AsyncDisposable {
  readonly name: string;
  /** Hash of everything that decides its scores; links carry `name@hash`. */
  readonly hash: string;
  readonly pairs: PairSimilarity<Feature>;
  /** Ids of the gold entities it was trained on are never kept; these are figures fitted on dev, if any. */
  readonly calibration?: Calibration;
  /** Weight of the collaborative term and beam width chosen on dev. */
  readonly ranking?: { readonly collaborativeWeight?: number; readonly beam?: number };
  /** Scores captions in order; `scores[i][j]` belongs to mention j of caption i. No score depends on the rest of the batch. */
  score(
    captions: readonly CaptionCandidates[],
    options?: { signal?: AbortSignal },
  ): Promise<readonly (readonly MentionScores<Feature>[])[]>;
  close(): Promise<void>;
}

/** How scores become an outcome and a probability. */
export interface Calibration {
  /** Below this name score nothing is linked: the floor for NIL. */
  readonly nameFloor: number;
  /** Probabilities of a mention's candidates, given in ranked order, and of NIL; absent: no probability is given. */
  readonly probabilities?: (ranked: readonly RankedEvidence[]) => {
    readonly candidates: readonly number[];
    readonly nil: number;
  };
}

/** What is known of a ranked candidate when its probability is asked for. */
export interface RankedEvidence {
  readonly candidate: Candidate;
  /** m; absent for what a cascade did not pass on, whose `score` is then its first stage's share − 1. */
  readonly match?: number;
  readonly collaborative: number;
  readonly score: number;
  /** See `MentionScores`. */
  readonly strength?: number;
}
