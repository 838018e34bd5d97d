import type { Candidate, CaptionCandidates, Mention } from "../core/index.js";
import { keepBest, notANumber } from "../models/keep-best.js";
import type { MentionScores, Model, RankedEvidence } from "../models/model.js";
import { byPosition, type DecidedMention, decideCaption, type Supporter } from "../models/together/index.js";
import { type CollaborationOptions, collaborate, type Participant, TIED_BEAMS } from "./collaborate.js";

export interface RankingOptions extends CollaborationOptions {
  /** Whether to rank the mentions of a caption together; default true. */
  readonly collaborative?: boolean;
  /**
   * Weight of the collaborative term or, for a model with `evidence`, of the pair evidence; default 1, as in the paper.
   */
  readonly collaborativeWeight?: number;
  /**
   * With `pairs`: number of candidates per mention that take part in collaborative ranking (|E| in the paper; default
   * 100). The candidates with the highest m take part.
   */
  readonly pool?: number;
}

/** A candidate in its final order, with the scores that determine it. */
export interface Ranked extends RankedEvidence {
  /**
   * What the other mentions contribute to `score`. With the model's `pairs`, the collaborative term: the weight times
   * the score of the best surviving combination with this candidate, or 0 if there is none. With its `evidence`, the
   * candidate's probability given the other mentions, minus its score without them; this may be negative.
   */
  readonly collaborative: number;
  /**
   * `match + collaborative`. For a candidate without `match`: the first stage's probability given the other mentions,
   * minus 1. If the mentions are not ranked together, the first stage's score is used instead or, without a first
   * stage, the name score. The result is in [−1, 0], below the score of every candidate with a `match`.
   */
  readonly score: number;
  /** Rank that the candidate has without the influence of other mentions, starting at 1. */
  readonly independentRank: number;
  /** Returns the candidate of another mention that supports this candidate most; undefined if none does. */
  readonly support?: () => Supporter | undefined;
}

/**
 * Ranks the candidates of every mention, best first. With the model's `pairs`, ranks the mentions together as
 * `collaborate` describes; with its `evidence`, as `decideTogether` describes. Equal scores are ordered by m, then name
 * score, popularity and id, so that the order of the input does not matter. Throws `NOT_A_NUMBER` if a score is not in
 * [0, 1].
 */
export async function rankCaption<Feature>(
  { caption, candidates }: CaptionCandidates,
  scores: readonly MentionScores<Feature>[],
  { pairs, evidence }: Pick<Model<Feature>, "pairs" | "evidence">,
  options: RankingOptions = {},
): Promise<readonly (readonly Ranked[])[]> {
  const mentions = caption.mentions.map((mention, i) => rankAlone(mention, candidates[i]!, scores[i]!));
  const { collaborative = true, collaborativeWeight = 1, pool = 100 } = options;
  if (!collaborative || collaborativeWeight === 0) return mentions.map((mention) => finalOrder(mention));
  if (evidence !== undefined) {
    const { beam, signal } = options;
    const together = { weight: collaborativeWeight, beam, signal };
    const decided = await decideCaption({ caption, candidates }, scores, evidence, together);
    return mentions.map((mention, i) => finalOrder(mention, decided[i]));
  }
  const joining = pairs === undefined ? [] : joiningOrder(mentions, pool);
  if (pairs !== undefined && joining.length > 1) {
    const best = await collaborate(joining, pairs, options);
    for (const [place, { members, alone }] of joining.entries())
      for (const [i, member] of members.entries())
        alone.added[member] = collaborativeWeight * best[place]![i]!;
  }
  return mentions.map((mention) => finalOrder(mention));
}

/** A mention that is ranked independently of other mentions. The arrays are in the order of its candidates. */
interface Alone<Feature> {
  readonly mention: Mention;
  readonly candidates: readonly Candidate[];
  readonly scores: MentionScores<Feature>;
  readonly score: readonly number[];
  /** Indices of the candidates, best first. */
  readonly order: readonly number[];
  /** The collaborative term of each candidate. */
  readonly added: Float64Array;
}

function rankAlone<Feature>(
  mention: Mention,
  candidates: readonly Candidate[],
  scores: MentionScores<Feature>,
): Alone<Feature> {
  const { match, firstStage } = scores;
  const score = candidates.map(({ nameScore }, i) => {
    const own = match[i] ?? firstStage?.[i] ?? nameScore;
    if (!(own >= 0 && own <= 1)) throw notANumber("a score", `mention "${mention.text}"`);
    return match[i] === undefined ? own - 1 : own;
  });
  const added = new Float64Array(candidates.length);
  return { mention, candidates, scores, score, order: sorted(candidates, match, score), added };
}

/** A mention that takes part in collaborative ranking, with the candidates of its pool, best first. */
interface Joining<Feature> extends Participant<Feature> {
  readonly alone: Alone<Feature>;
  readonly members: readonly number[];
}

/** Returns the mentions that have scored candidates with features, sorted by best m, then by start and text. */
function joiningOrder<Feature>(mentions: readonly Alone<Feature>[], pool: number): Joining<Feature>[] {
  return mentions
    .map((alone): Joining<Feature> => {
      const { match, features } = alone.scores;
      const scored = alone.order.filter((i) => match[i] !== undefined && features[i] !== undefined);
      const pooled = keepBest(
        scored.map((i) => alone.score[i]!),
        pool,
        TIED_BEAMS * pool,
      );
      const members = pooled.map((position) => scored[position]!);
      return {
        alone,
        members,
        match: members.map((i) => alone.score[i]!),
        features: members.map((i) => features[i] as Feature),
      };
    })
    .filter(({ members }) => members.length > 0)
    .sort((a, b) => b.match[0]! - a.match[0]! || byPosition(a.alone.mention, b.alone.mention));
}

function finalOrder(
  { candidates, scores, score, order, added }: Alone<unknown>,
  together?: DecidedMention,
): Ranked[] {
  const inFirstStage = together && scores.together;
  const final = score.map((own, i) => {
    if (inFirstStage !== undefined && scores.match[i] === undefined) return inFirstStage[i]! - 1;
    return together?.share(i) ?? own + added[i]!;
  });
  const isChanged = final.some((value, i) => value !== score[i]);
  const rank = new Uint32Array(order.length);
  for (const [place, i] of order.entries()) rank[i] = place + 1;
  return (isChanged ? sorted(candidates, scores.match, final) : order).map((i) => {
    const match = scores.match[i];
    const { explain } = scores;
    return {
      candidate: candidates[i]!,
      ...(match !== undefined && { match }),
      collaborative: together === undefined ? added[i]! : final[i]! - score[i]!,
      score: final[i]!,
      share: match === undefined ? final[i]! + 1 : (together?.share(i) ?? match),
      independentRank: rank[i]!,
      ...(together && { support: () => together.support(i) }),
      ...(explain && { explain: () => explain(i) }),
    };
  });
}

/** Returns the indices of the candidates by descending score. Ties are ordered by m, name score, popularity and id. */
function sorted(
  candidates: readonly Candidate[],
  match: MentionScores<unknown>["match"],
  score: readonly number[],
): number[] {
  const popularity = (i: number): number => candidates[i]!.entity.popularity ?? 0;
  return [...candidates.keys()].sort(
    (a, b) =>
      score[b]! - score[a]! ||
      (match[b] ?? -1) - (match[a] ?? -1) ||
      candidates[b]!.nameScore - candidates[a]!.nameScore ||
      popularity(b) - popularity(a) ||
      compareText(candidates[a]!.entity.id, candidates[b]!.entity.id),
  );
}

/** Compares texts by UTF-16 code units, independently of the locale. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
