import type { Candidate, CaptionCandidates } from "../core/index.js";

/**
 * Similarity S of two entities of one caption, computed from their features (equation 11; used for ranking in section
 * 3.5). A feature represents one entity or a combination of several.
 */
export interface PairSimilarity<Feature> {
  /** The mean of two features: that of a partial combination and that of the candidate that joins it. */
  combine(partial: Feature, candidate: Feature): Feature;
  /** S in (0, 1) of every left feature with every right one, row by row: [left, right]. One call is one batch. */
  similarities(left: readonly Feature[], right: readonly Feature[]): Promise<Float64Array>;
}

/** A model's scores for one mention's candidates, in the order of the candidates. */
export interface MentionScores<Feature> {
  /** Independent score m in (0, 1); absent for a candidate that a cascade did not pass to its network. */
  readonly match: readonly (number | undefined)[];
  /** The first stage's score of each candidate, in [0, 1], which ranks those without `match`; default: the name score. */
  readonly firstStage?: readonly number[];
  /** How well each candidate fits in absolute terms, on one scale for all mentions; absent if the model has no such score. */
  readonly strength?: readonly number[];
  /** One feature for each scored candidate. */
  readonly features: readonly (Feature | undefined)[];
  /** Returns named parts of one candidate's score, for reports. Computed on request; may be absent. */
  readonly explain?: (candidate: number) => Readonly<Record<string, number>>;
}

/** Anything that scores candidates: the lexical ranker, MMEL, a cascade of both. */
export interface Model<Feature = unknown> extends AsyncDisposable {
  readonly name: string;
  /** Hash of everything that determines its scores; links carry `name@hash`. */
  readonly hash: string;
  readonly pairs: PairSimilarity<Feature>;
  /** Fitted on dev, if present. */
  readonly calibration?: Calibration;
  /** Weight of the collaborative term and beam width, chosen on dev. */
  readonly ranking?: { readonly collaborativeWeight?: number; readonly beam?: number };
  /** Scores captions in order; `scores[i][j]` belongs to mention j of caption i. No score depends on the rest of the batch. */
  score(
    captions: readonly CaptionCandidates[],
    options?: { signal?: AbortSignal },
  ): Promise<readonly (readonly MentionScores<Feature>[])[]>;
  close(): Promise<void>;
}

/** Turns scores into an outcome and probabilities. */
export interface Calibration {
  /** The NIL floor: a mention is not linked if the name score of its first candidate is below. */
  readonly nameFloor: number;
  /** Returns probabilities of NIL and of a mention's candidates, given in ranked order; absent if not calibrated. */
  readonly probabilities?: (ranked: readonly RankedEvidence[]) => {
    readonly candidates: readonly number[];
    readonly nil: number;
  };
}

/** What calibration knows about a ranked candidate. */
export interface RankedEvidence {
  readonly candidate: Candidate;
  /** m; absent for a candidate that a cascade did not pass to its network. */
  readonly match?: number;
  readonly collaborative: number;
  /** The ranking score; without `match`, the first stage's share − 1. */
  readonly score: number;
  /** See `MentionScores`. */
  readonly strength?: number;
}
