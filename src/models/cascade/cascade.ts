import type { CaptionCandidates } from "../../core/index.js";
import {
  insideUnit,
  type MentionLogits,
  type MmelConfig,
  type MmelScorer,
  matchScores,
  networkPairs,
} from "../mmel/index.js";
import type { Calibration, MentionScores, Model } from "../model.js";
import { priorsOf } from "./prior.js";
import { type Selection, select } from "./select.js";

export interface CascadeParts {
  readonly name: string;
  readonly hash: string;
  /** Scores every candidate; closed with the cascade. */
  readonly first: Model;
  readonly config: MmelConfig;
  readonly scorer: MmelScorer;
  /** Ends what runs the scorer. */
  readonly release: () => Promise<void>;
  readonly selection: Selection;
  readonly calibration?: Calibration;
  readonly ranking?: Model["ranking"];
}

/**
 * Two stages: the first scores all candidates, the network those that stand a chance, and shares out anew among them what
 * the first gave them together: m = that sum × softmax over them of (l + log m of the first stage) / T. A candidate that
 * stands alone keeps its m, unseen by the network unless S, which is the network's, asks for its features.
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
      const before = await first.score(captions, options);
      const chosen = before.map((mentions) => mentions.map((first) => select(sharesOf(first), selection)));
      const together = ranking?.collaborativeWeight !== 0;
      const after = await scorer.logits(
        captions.map((of, at) => passed(of, chosen[at]!, together && of.candidates.length > 1 ? 1 : 2)),
        options?.signal,
      );
      return before.map((mentions, caption) =>
        mentions.map((mention, at) => merged(mention, chosen[caption]![at]!, after[caption]![at]!, config)),
      );
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const sharesOf = ({ match }: MentionScores<unknown>): number[] => match.map((m) => m ?? 0);

/** The chosen candidates of the mentions that have `least` of them or more. */
const passed = (
  { caption, candidates }: CaptionCandidates,
  chosen: readonly (readonly number[])[],
  least: number,
): CaptionCandidates => ({
  caption,
  candidates: candidates.map((list, at) =>
    chosen[at]!.length < least ? [] : chosen[at]!.map((index) => list[index]!),
  ),
});

function merged(
  first: MentionScores<unknown>,
  chosen: readonly number[],
  { logits, features }: MentionLogits,
  config: MmelConfig,
): MentionScores<Float32Array> {
  const priors = priorsOf(first);
  const shares = sharesOf(first);
  const smallestUp = chosen.map((index) => shares[index]!).sort((a, b) => a - b); // whatever the order they came in
  const sum = smallestUp.reduce((total, share) => total + share, 0);
  const scores = matchScores(
    chosen.map((index, at) => (logits[at] ?? 0) + priors[index]!),
    config,
  ).map((m) => insideUnit(sum * m));
  const place = new Map(chosen.map((index, at) => [index, at]));
  const spread = <T>(values: readonly T[]): (T | undefined)[] =>
    first.match.map((_, index) => {
      const at = place.get(index);
      return at === undefined ? undefined : values[at];
    });
  return {
    match: spread(scores),
    features: spread(features),
    firstStage: shares,
    ...(first.strength && { strength: first.strength }),
    explain: (index) => {
      const at = place.get(index);
      const logit = at === undefined ? undefined : logits[at];
      return { ...(logit !== undefined && { network: logit }), ...first.explain?.(index) };
    },
  };
}
