import type { Candidate, CaptionCandidates, Mention } from "../core/index.js";
import type { MentionScores, PairSimilarity } from "../models/model.js";
import { type CollaborationOptions, collaborate } from "./collaborate.js";
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
export interface Ranked {
  readonly candidate: Candidate;
  /** m; absent when a cascade did not score the candidate. */
  readonly match?: number;
  /** Weight × best surviving combination. */
  readonly collaborative: number;
  /** `match + collaborative`; without `match` the first stage's score − 1, so in [−1, 0] and below all others. */
  readonly score: number;
  /** Place, from 1, in the order that m alone gives. */
  readonly independentRank: number;
  readonly explain?: Readonly<Record<string, number>>;
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
  const alone = candidates.map((of, mention) =>
    rankAlone(of, scores[mention]!, caption.mentions[mention]!.text),
  );
  const { collaborative = true, collaborativeWeight = 1, pool = 100 } = options;
  if (!collaborative || collaborativeWeight === 0) return alone.map(finished);
  const joining = joiningOrder(alone, caption.mentions, pool);
  if (joining.length < 2) return alone.map(finished);
  const participants = joining.map(({ members }) => ({
    match: members.map((member) => member.match!),
    features: members.map((member) => member.feature as Feature),
  }));
  const best = await collaborate(participants, pairs, options);
  const added = new Map<Placed<Feature>, number>();
  for (const [at, { members }] of joining.entries())
    for (const [i, member] of members.entries()) added.set(member, collaborativeWeight * best[at]![i]!);
  return alone.map((of) => finished(of.map((placed) => withBonus(placed, added.get(placed) ?? 0))));
}

type Placed<Feature> = Ranked & { readonly feature: Feature | undefined };

/** The independent order. */
function rankAlone<Feature>(
  candidates: readonly Candidate[],
  { match, features, explain, firstStage }: MentionScores<Feature>,
  where: string,
): Placed<Feature>[] {
  const unplaced = candidates.map((candidate, i) => {
    const m = match[i];
    const first = firstStage?.[i] ?? candidate.nameScore;
    if (!inUnit(m ?? 0)) throw notANumber("a match score m", `mention "${where}"`);
    if (!inUnit(first)) throw notANumber("a first-stage score", `mention "${where}"`);
    const parts = explain?.[i];
    return {
      candidate,
      ...(m === undefined ? {} : { match: m }),
      collaborative: 0,
      score: m ?? first - 1,
      ...(parts === undefined ? {} : { explain: parts }),
      feature: features[i],
    };
  });
  return unplaced.sort(byScore).map((placed, at) => ({ ...placed, independentRank: at + 1 }));
}

/** The mentions that have scored candidates, best m first, then (start, text); of each the pool's members. */
function joiningOrder<Feature>(
  alone: readonly (readonly Placed<Feature>[])[],
  mentions: readonly Mention[],
  pool: number,
): { readonly members: readonly Placed<Feature>[] }[] {
  return alone
    .map((of, at) => {
      const scored = of.filter((placed) => placed.match !== undefined);
      const matches = scored.map((placed) => placed.match!);
      const members = keepBest(matches, pool, 4 * pool).map((i) => scored[i]!);
      return { mention: mentions[at]!, members };
    })
    .filter(({ members }) => members.length > 0)
    .sort((a, b) => b.members[0]!.match! - a.members[0]!.match! || byPlace(a.mention, b.mention));
}

function byPlace(a: Mention, b: Mention): number {
  const [from, to] = [a.span?.start ?? Number.MAX_SAFE_INTEGER, b.span?.start ?? Number.MAX_SAFE_INTEGER];
  return from - to || compareText(a.text, b.text);
}

function byScore(a: Omit<Ranked, "independentRank">, b: Omit<Ranked, "independentRank">): number {
  return (
    b.score - a.score ||
    (b.match ?? -1) - (a.match ?? -1) ||
    b.candidate.nameScore - a.candidate.nameScore ||
    (b.candidate.entity.popularity ?? 0) - (a.candidate.entity.popularity ?? 0) ||
    compareText(a.candidate.entity.id, b.candidate.entity.id)
  );
}

function withBonus<Feature>(placed: Placed<Feature>, collaborative: number): Placed<Feature> {
  return { ...placed, collaborative, score: placed.score + collaborative };
}

function finished<Feature>(placed: readonly Placed<Feature>[]): Ranked[] {
  return placed.map(({ feature: _, ...ranked }) => ranked).sort(byScore);
}

function inUnit(value: number): boolean {
  return value >= 0 && value <= 1;
}

/** Order of code units, the same on every machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
