import type { Candidate, CaptionCandidates } from "../core/index.js";

/**
 * The similarity S of two entities that a caption mentions, computed from their features (equation 11; used for ranking
 * in section 3.5). A feature represents one entity or a combination of several entities.
 */
export interface PairSimilarity<Feature> {
  /**
   * Returns the feature of a partial combination after a candidate is added to it: the mean of the features `partial`
   * and `candidate`.
   */
  combine(partial: Feature, candidate: Feature): Feature;
  /**
   * Computes S, in (0, 1), for each pair of a left and a right feature. Returns a matrix [left, right], row by row.
   */
  similarities(left: readonly Feature[], right: readonly Feature[]): Promise<Float64Array>;
}

/** How well the entities of two mentions fit together, computed from facts in the knowledge base. */
export interface PairEvidence<Feature> {
  /**
   * Returns logit S for pairs of a left and a right feature, given as their indices. Both lists must be in order of
   * descending m. Pairs without evidence, with logit S = 0, are left out. Exchanging the two lists gives the same
   * logits.
   */
  pairs(left: readonly Feature[], right: readonly Feature[]): readonly FeaturePair[];
  /** Returns the fact that relates the left entity to the right one; undefined if no single fact explains logit S. */
  fact?(left: Feature, right: Feature): PairFact | undefined;
}

/** A fact of the knowledge base that relates two entities. */
export interface PairFact {
  /** Which entity has the property: the one whose value names the other entity, or both if they have the same value. */
  readonly holder: "left" | "right" | "both";
  /** The name of the property, in words. */
  readonly property: string;
  /**
   * The value that both entities have, as written in the left entity. Absent unless `holder` is "both" and the two
   * values are equal when folded.
   */
  readonly value?: string;
}

export interface FeaturePair {
  readonly left: number;
  readonly right: number;
  /** logit S. A positive value means that the entities are related. */
  readonly logit: number;
}

/** A model's scores for one mention's candidates, in the order of the candidates. */
export interface MentionScores<Feature> {
  /**
   * Match score m of each candidate, in (0, 1). Undefined for a candidate that a cascade did not select for its
   * network, unless it is the best candidate of the first stage.
   */
  readonly match: readonly (number | undefined)[];
  /**
   * First-stage score of each candidate, in [0, 1]. Without the other mentions, candidates without `match` are ranked
   * by this score, or by their name score if the model has no first-stage scores.
   */
  readonly firstStage?: readonly number[];
  /**
   * In a cascade: the first stage's probability of each candidate given the caption's other mentions. The network's
   * scores change these probabilities only among the candidates with `match`: their sum is divided among them again
   * when the mentions are resolved together. Every other candidate keeps its value. Absent if the model has a single
   * stage; the sum of `match` is then divided among the candidates.
   */
  readonly together?: readonly number[];
  /**
   * The feature of each candidate, for `PairSimilarity` or `PairEvidence`. Undefined for a candidate without `match`.
   */
  readonly features: readonly (Feature | undefined)[];
  /**
   * Returns the named terms from which a candidate's m is computed, for reports: the contributions of features, the
   * network's logit (`network` in a cascade, otherwise `logit`) and the term of the picture (`picture`). They are on
   * the scale of the score l, and do not add up to m. Absent if the model cannot name such terms.
   */
  readonly explain?: (candidate: number) => Readonly<Record<string, number>>;
}

/** A model that scores candidates: the lexical ranker, MMEL, or a cascade of both. */
export interface Model<Feature = unknown> extends AsyncDisposable {
  readonly name: string;
  /** Hash of everything that determines the model's scores. Links identify their model as `name@hash`. */
  readonly hash: string;
  /** The similarity S for the paper's collaborative ranking. Absent if the model has `evidence` instead. */
  readonly pairs?: PairSimilarity<Feature>;
  /**
   * The pair evidence with which the mentions of a caption are resolved together. Absent if the model has `pairs`
   * instead.
   */
  readonly evidence?: PairEvidence<Feature>;
  /** The calibration. If the model was not calibrated on dev captions, contains only the NIL floor or is absent. */
  readonly calibration?: Calibration;
  /** The weight of the other mentions, the beam width, and the score that selects combinations (see `collaborate`). */
  readonly ranking?: {
    readonly collaborativeWeight?: number;
    readonly beam?: number;
    readonly select?: "mean" | "similarity";
  };
  /**
   * Scores captions in order: `scores[i][j]` belongs to mention j of caption i. Scores do not depend on other captions.
   */
  score(
    captions: readonly CaptionCandidates[],
    options?: ScoreOptions,
  ): Promise<readonly (readonly MentionScores<Feature>[])[]>;
  close(): Promise<void>;
}

export interface ScoreOptions {
  readonly signal?: AbortSignal;
  /**
   * Whether the mentions will be ranked together; default true. A cascade then also resolves them together to choose
   * the candidates that its network scores.
   */
  readonly collaborative?: boolean;
}

/** Parameters that turn scores into an outcome and probabilities. */
export interface Calibration {
  /** The NIL floor: if the first candidate's name score is lower, the outcome is NIL. */
  readonly nameFloor: number;
  /**
   * Computes the probabilities of NIL and of a mention's candidates in ranked order. `mention` is the text of the
   * mention. Absent if the model is not calibrated.
   */
  readonly probabilities?: (
    mention: string,
    ranked: readonly RankedEvidence[],
  ) => {
    readonly candidates: readonly number[];
    readonly nil: number;
  };
  /**
   * The share of mentions whose entity is in the knowledge base, as assumed by `probabilities`. Absent if the model is
   * not calibrated.
   */
  readonly coverage?: number;
  /**
   * Returns the calibration for another coverage. Throws CONFIG if the coverage is not in (0, 1]. Absent if the model
   * is not calibrated.
   */
  readonly withCoverage?: (coverage: number) => Calibration;
}

/** A ranked candidate and those of its scores that calibration uses. */
export interface RankedEvidence {
  readonly candidate: Candidate;
  /** Match score m. Absent for a candidate without m in `MentionScores.match`. */
  readonly match?: number;
  /** What the caption's other mentions contribute to `score`. */
  readonly collaborative: number;
  /** The ranking score. For a candidate without `match`, its share minus 1. */
  readonly score: number;
  /**
   * Probability of the candidate given the caption's other mentions. If the mentions were not ranked together with pair
   * evidence, m; for a candidate without m, its first-stage score.
   */
  readonly share: number;
  /**
   * Returns the strongest support by another mention: `gain` is the logarithm of the factor by which it raises the odds
   * of the candidate. Undefined if no other mention supports the candidate.
   */
  readonly support?: () => { readonly gain: number } | undefined;
  /** Returns the named terms from which m is computed, as in `MentionScores`. */
  readonly explain?: () => Readonly<Record<string, number>>;
}
