import type { CaptionCandidates } from "../../core/index.js";
import { type MmelConfig, type MmelScorer, matchScores } from "../mmel/index.js";
import type { Calibration, MentionScores, Model, ScoreOptions } from "../model.js";
import { clampProbability, logShares, sumSorted } from "../softmax.js";
import { decideCaption } from "../together/index.js";
import { contextWords, entityWords, networkWeight } from "./network-weight.js";
import { type Selection, select } from "./select.js";

export interface CascadeParts<Feature> {
  readonly name: string;
  readonly hash: string;
  /** The first stage, which scores every candidate. The cascade closes it. */
  readonly first: Model<Feature>;
  readonly config: MmelConfig;
  readonly scorer: MmelScorer;
  /** Releases the engine that runs the scorer. */
  readonly release: () => Promise<void>;
  readonly selection: Selection;
  /** Factor a of the weight of the network's logits (see `networkWeight`); by default, every logit counts fully. */
  readonly contextWeight?: number | undefined;
  readonly calibration?: Calibration;
  readonly ranking?: Model["ranking"];
}

/**
 * Creates a model of two stages. The first stage scores all candidates. The network then scores only the likely
 * candidates and redistributes the total match score that the first stage assigned to them: m = total × softmax of (g l
 * + log m of the first stage) / T over these candidates, where g is the mention's `networkWeight`. To determine which
 * candidates are likely, collaborative ranking resolves the caption's mentions together with the first stage's pair
 * evidence. If a mention has a single likely candidate or a g of 0, the network does not score it, and the candidates
 * keep their m.
 */
export function createCascade<Feature>(parts: CascadeParts<Feature>): Model<Feature> {
  const { name, hash, first, config, scorer, selection, contextWeight, calibration, ranking } = parts;
  const close = async (): Promise<void> => {
    await first.close();
    await parts.release();
  };
  return {
    name,
    hash,
    ...(calibration !== undefined && { calibration }),
    ...(ranking !== undefined && { ranking }),
    ...(first.evidence !== undefined && { evidence: first.evidence }),
    async score(captions, options = {}) {
      const firstScores = await first.score(captions, options);
      const chosen: Chosen[][] = [];
      for (const [index, caption] of captions.entries())
        chosen.push(await choose(caption, firstScores[index]!, options));
      const logits = await scorer.logits(
        captions.map((caption, index) => selected(caption, chosen[index]!)),
        options.signal,
      );
      return firstScores.map((mentions, caption) =>
        mentions.map((scores, mention) =>
          combined(scores, chosen[caption]![mention]!, logits[caption]![mention]!.logits, config),
        ),
      );
    },
    close,
    [Symbol.asyncDispose]: close,
  };

  /** Returns the likely candidates of each mention, and the probabilities of all its candidates. */
  async function choose(
    caption: CaptionCandidates,
    scores: readonly MentionScores<Feature>[],
    { collaborative = true, signal }: ScoreOptions,
  ): Promise<Chosen[]> {
    const weight = ranking?.collaborativeWeight;
    const decided =
      collaborative && weight !== 0 && first.evidence !== undefined
        ? await decideCaption(caption, scores, first.evidence, { weight, signal })
        : [];
    const words = contextWeight === undefined ? 0 : contextWords(caption.caption);
    return scores.map(({ match }, mention) => {
      const together = match.map((m, candidate) => decided[mention]?.share(candidate) ?? m ?? 0);
      const candidates = select(together, selection);
      if (contextWeight === undefined || candidates.length < 2) return { candidates, together, weight: 1 };
      const texts = candidates.map((index) => entityWords(caption.candidates[mention]![index]!.entity));
      const hearing = { contextWeight, words, entityWords: sumSorted(texts) / texts.length };
      const of = (shares: readonly (number | undefined)[]) => candidates.map((index) => shares[index] ?? 0);
      const weight = networkWeight(hearing, of(match), of(together));
      return { candidates, together, weight };
    });
  }
}

/** The candidates of a mention that a network scores. */
interface Chosen {
  /** The indices of the chosen candidates, in ascending order. */
  readonly candidates: readonly number[];
  /** The probability of each of the mention's candidates, chosen or not, given the caption's other mentions. */
  readonly together: readonly number[];
  /** The factor g by which the network's logits are multiplied. */
  readonly weight: number;
}

/**
 * Returns the caption with only the chosen candidates. A mention gets no candidates if the network cannot change their
 * order: if there is only one, or if the network's weight is 0.
 */
const selected = (
  { caption, candidates }: CaptionCandidates,
  chosen: readonly Chosen[],
): CaptionCandidates => ({
  caption,
  candidates: candidates.map((list, mention) => {
    const { candidates: indices, weight } = chosen[mention]!;
    return indices.length < 2 || weight === 0 ? [] : indices.map((index) => list[index]!);
  }),
});

/**
 * Combines the scores of both stages. The candidate with the highest m in the first stage (or several, if they are
 * tied) keeps this m even if it was not chosen, because it may still be the first candidate when the other mentions are
 * ignored.
 */
function combined<Feature>(
  first: MentionScores<Feature>,
  { candidates: chosen, together, weight }: Chosen,
  logits: readonly number[],
  config: MmelConfig,
): MentionScores<Feature> {
  const priors = logShares(first.match);
  const shares = first.match.map((m) => m ?? 0);
  const total = sumSorted(chosen.map((index) => shares[index]!));
  const scores =
    logits.length === 0
      ? chosen.map((index) => clampProbability(shares[index]!))
      : matchScores(
          chosen.map((index, place) => weight * logits[place]! + priors[index]!),
          config,
        ).map((m) => clampProbability(total * m));
  const placeOf = new Map(chosen.map((index, place) => [index, place]));
  const highest = Math.max(...shares);
  const match = shares.map((share, index) => {
    const place = placeOf.get(index);
    return place === undefined ? (share === highest ? clampProbability(share) : undefined) : scores[place];
  });
  return {
    match,
    features: first.features.map((feature, index) => (match[index] === undefined ? undefined : feature)),
    together,
    firstStage: shares,
    explain: (index) => {
      const place = placeOf.get(index);
      const logit = place === undefined ? undefined : logits[place];
      return { ...(logit !== undefined && { network: weight * logit }), ...first.explain?.(index) };
    },
  };
}
