import type { CaptionCandidates } from "../../core/index.js";
import {
  type MentionLogits,
  type MmelConfig,
  type MmelScorer,
  matchScores,
  networkPairs,
} from "../mmel/index.js";
import type { Calibration, MentionScores, Model } from "../model.js";
import { clampProbability, logShares } from "../softmax.js";
import { type Selection, select } from "./select.js";

export interface CascadeParts {
  readonly name: string;
  readonly hash: string;
  /** The first stage, which scores every candidate. The cascade closes it. */
  readonly first: Model;
  readonly config: MmelConfig;
  readonly scorer: MmelScorer;
  /** Releases the engine that runs the scorer. */
  readonly release: () => Promise<void>;
  readonly selection: Selection;
  readonly calibration?: Calibration;
  readonly ranking?: Model["ranking"];
}

/**
 * Creates a model of two stages. The first stage scores all candidates. The network then scores only the likely candidates
 * and redistributes the total match score that the first stage assigned to them: m = total × softmax of (l + log m of the
 * first stage) / T over these candidates. If a mention has a single likely candidate, the candidate keeps its m. The network
 * then scores this candidate only if the caption has other mentions, because S needs the candidate's features.
 */
export function createCascade(parts: CascadeParts): Model<Float32Array> {
  const { name, hash, first, config, scorer, selection, calibration, ranking } = parts;
  const close = async (): Promise<void> => {
    await first.close();
    await parts.release();
  };
  return {
    name,
    hash,
    ...(calibration !== undefined && { calibration }),
    ...(ranking !== undefined && { ranking }),
    pairs: networkPairs(scorer),
    async score(captions, options) {
      const firstScores = await first.score(captions, options);
      const chosen = firstScores.map((mentions) =>
        mentions.map((scores) => select(sharesOf(scores), selection)),
      );
      const collaborative = ranking?.collaborativeWeight !== 0;
      const logits = await scorer.logits(
        captions.map((caption, index) => {
          const needsSingles = collaborative && caption.candidates.length > 1;
          return selected(caption, chosen[index]!, needsSingles ? 1 : 2);
        }),
        options?.signal,
      );
      return firstScores.map((mentions, caption) =>
        mentions.map((scores, mention) =>
          combined(scores, chosen[caption]![mention]!, logits[caption]![mention]!, config),
        ),
      );
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const sharesOf = ({ match }: MentionScores<unknown>): number[] => match.map((m) => m ?? 0);

/**
 * Returns the caption with only the chosen candidates. A mention with fewer than `least` chosen candidates gets no
 * candidates.
 */
const selected = (
  { caption, candidates }: CaptionCandidates,
  chosen: readonly (readonly number[])[],
  least: number,
): CaptionCandidates => ({
  caption,
  candidates: candidates.map((list, mention) =>
    chosen[mention]!.length < least ? [] : chosen[mention]!.map((index) => list[index]!),
  ),
});

function combined(
  first: MentionScores<unknown>,
  chosen: readonly number[],
  { logits, features }: MentionLogits,
  config: MmelConfig,
): MentionScores<Float32Array> {
  const priors = logShares(first.match);
  const shares = sharesOf(first);
  const ascending = chosen.map((index) => shares[index]!).sort((a, b) => a - b); // the sum must not depend on the order
  const total = ascending.reduce((sum, share) => sum + share, 0);
  const scores = matchScores(
    chosen.map((index, place) => (logits[place] ?? 0) + priors[index]!),
    config,
  ).map((m) => clampProbability(total * m));
  const placeOf = new Map(chosen.map((index, place) => [index, place]));
  const spread = <T>(values: readonly T[]): (T | undefined)[] =>
    first.match.map((_, index) => {
      const place = placeOf.get(index);
      return place === undefined ? undefined : values[place];
    });
  return {
    match: spread(scores),
    features: spread(features),
    firstStage: shares,
    explain: (index) => {
      const place = placeOf.get(index);
      const logit = place === undefined ? undefined : logits[place];
      return { ...(logit !== undefined && { network: logit }), ...first.explain?.(index) };
    },
  };
}
