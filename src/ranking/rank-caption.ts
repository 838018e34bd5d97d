import type { Candidate, CaptionCandidates, Mention } from "../core/index.js";
import type { MentionScores, PairSimilarity, RankedEvidence } from "../models/model.js";
import { type CollaborationOptions, collaborate, type Participant, TIED_BEAMS } from "./collaborate.js";
import { keepBest, notANumber } from "./keep-best.js";

export interface RankingOptions extends CollaborationOptions {
  /** Rank the mentions of a caption together (true). */
  readonly collaborative?: boolean;
  /** Weight of what the other mentions add; the paper's is 1. */
  readonly collaborativeWeight?: number;
  /** How many candidates of a mention, the best by m, take part in the collaboration: |E| of the paper (100). */
  readonly pool?: number;
}

/** A candidate with its place in the final order and what put it there. */
export interface Ranked extends RankedEvidence {
  /** Weight × best surviving combination. */
  readonly collaborative: number;
  /** `match + collaborative`; without `match` the first stage's score − 1, so in [−1, 0] and below all others. */
  readonly score: number;
  /** Place, from 1, in the order that m alone gives. */
  readonly independentRank: number;
  /** Named parts of m's score, made when asked for. */
  readonly explain?: () => Readonly<Record<string, number>>;
}

/**
 * Every mention's candidates, best first (section 5 of the specification). Equal scores go by m, then name score, then
 * popularity, then id, so that the order in which mentions and candidates arrive decides nothing. `NOT_A_NUMBER`.
 */
export async function rankCaption<Feature>(
  { caption, candidates }: CaptionCandidates,
  scores: readonly MentionScores<Feature>[],
  pairs: PairSimilarity<Feature>,
  options: RankingOptions = {},
): Promise<readonly (readonly Ranked[])[]> {
  const alone = caption.mentions.map((mention, at) => rankAlone(mention, candidates[at]!, scores[at]!));
  const { collaborative = true, collaborativeWeight = 1, pool = 100 } = options;
  const joining = collaborative && collaborativeWeight !== 0 ? joiningOrder(alone, pool) : [];
  if (joining.length > 1) {
    const best = await collaborate(joining, pairs, options);
    for (const [at, { members, of }] of joining.entries())
      for (const [i, member] of members.entries()) of.added[member] = collaborativeWeight * best[at]![i]!;
  }
  return alone.map(finalOrder);
}

/** One mention on its own; arrays follow its candidates as they came. */
interface Alone<Feature> {
  readonly mention: Mention;
  readonly candidates: readonly Candidate[];
  readonly scores: MentionScores<Feature>;
  readonly score: readonly number[];
  /** Indices of the candidates, best first. */
  readonly order: readonly number[];
  /** What the collaboration adds to each. */
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

/** A mention that takes part, with the candidates of its pool, best first. */
interface Joining<Feature> extends Participant<Feature> {
  readonly of: Alone<Feature>;
  readonly members: readonly number[];
}

/** The mentions that have scored candidates with features: best m first, then by (start, text). */
function joiningOrder<Feature>(alone: readonly Alone<Feature>[], pool: number): Joining<Feature>[] {
  return alone
    .map((of): Joining<Feature> => {
      const { match, features } = of.scores;
      const scored = of.order.filter((i) => match[i] !== undefined && features[i] !== undefined);
      const pooled = keepBest(
        scored.map((i) => of.score[i]!),
        pool,
        TIED_BEAMS * pool,
      );
      const members = pooled.map((at) => scored[at]!);
      return {
        of,
        members,
        match: members.map((i) => of.score[i]!),
        features: members.map((i) => of.scores.features[i] as Feature),
      };
    })
    .filter(({ members }) => members.length > 0)
    .sort((a, b) => b.match[0]! - a.match[0]! || byPlace(a.of.mention, b.of.mention));
}

function byPlace(a: Mention, b: Mention): number {
  const [from, to] = [a.span?.start ?? Number.MAX_SAFE_INTEGER, b.span?.start ?? Number.MAX_SAFE_INTEGER];
  return from - to || compareText(a.text, b.text);
}

function finalOrder({ candidates, scores, score, order, added }: Alone<unknown>): Ranked[] {
  const final = score.map((own, i) => own + added[i]!);
  const rank = new Uint32Array(order.length);
  for (const [at, i] of order.entries()) rank[i] = at + 1;
  return sorted(candidates, scores.match, final).map((i) => {
    const { match: all, strength: strengths, explain } = scores;
    const match = all[i];
    const strength = strengths?.[i];
    return {
      candidate: candidates[i]!,
      ...(match !== undefined && { match }),
      ...(strength !== undefined && { strength }),
      collaborative: added[i]!,
      score: final[i]!,
      independentRank: rank[i]!,
      ...(explain && { explain: () => explain(i) }),
    };
  });
}

/** Indices of the candidates by score, highest first; equals by m, name score, popularity, id. */
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

/** Order of code units, the same on every machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
