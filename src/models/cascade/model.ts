import type { CaptionCandidates } from "../../core/index.js";
import {
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
 * Two stages: the first scores all candidates, the network those that stand a chance. m = softmax over these of
 * (l + log m of the first stage) / T. S is the network's.
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
      const chosen = before.map((mentions) =>
        mentions.map(({ match }) =>
          select(
            match.map((m) => m ?? 0),
            selection,
          ),
        ),
      );
      const after = await scorer.logits(
        captions.map((of, at) => passed(of, chosen[at]!)),
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

const passed = (
  { caption, candidates }: CaptionCandidates,
  chosen: readonly (readonly number[])[],
): CaptionCandidates => ({
  caption,
  candidates: candidates.map((list, at) => chosen[at]!.map((index) => list[index]!)),
});

function merged(
  first: MentionScores<unknown>,
  chosen: readonly number[],
  { logits, features }: MentionLogits,
  config: MmelConfig,
): MentionScores<Float32Array> {
  const priors = priorsOf(first);
  const scores = matchScores(
    logits.map((logit, at) => logit + priors[chosen[at]!]!),
    config,
  );
  const place = new Map(chosen.map((index, at) => [index, at]));
  const spread = <T>(values: readonly T[]): (T | undefined)[] =>
    first.match.map((_, index) => {
      const at = place.get(index);
      return at === undefined ? undefined : values[at];
    });
  return {
    match: spread(scores),
    features: spread(features),
    firstStage: first.match.map((m) => m ?? 0),
    explain: (index) => {
      const at = place.get(index);
      return { ...(at !== undefined && { network: logits[at]! }), ...first.explain?.(index) };
    },
  };
}
