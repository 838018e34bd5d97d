import type { Engine } from "../../tensor/engine/index.js";
import type { CheckpointConfig } from "../checkpoint/config.js";
import type { Calibration, Model, PairSimilarity } from "../model.js";
import { type MmelConfig, variantOf } from "./config.js";
import { insideUnit, matchScores } from "./match-score.js";
import type { MmelScorer } from "./scorer.js";

export interface MmelModelParts {
  readonly name: string;
  readonly hash: string;
  readonly config: MmelConfig;
  readonly scorer: MmelScorer;
  /** Closed with the model. */
  readonly engine: Engine;
  readonly calibration?: Calibration;
  readonly ranking?: CheckpointConfig["ranking"];
}

/** S of a network, over its features h^e. */
export const networkPairs = (scorer: MmelScorer): PairSimilarity<Float32Array> => ({
  combine: (partial, candidate) => partial.map((value, at) => (value + candidate[at]!) / 2),
  similarities: async (left, right) => (await scorer.similarities(left, right)).map(insideUnit),
});

/** MMEL as a model that ranking and linker use; features are h^e. `explain` gives a candidate's `logit`. */
export function mmelModel(parts: MmelModelParts): Model<Float32Array> {
  const { name, hash, config, scorer, engine, calibration } = parts;
  const close = (): Promise<void> => engine.close();
  return {
    name,
    hash,
    ...(calibration === undefined ? {} : { calibration }),
    ranking: rankingOf(parts),
    pairs: networkPairs(scorer),
    async score(captions, { signal } = {}) {
      const scored = await scorer.logits(captions, signal);
      return scored.map((mentions) =>
        mentions.map(({ logits, features }) => ({
          match: matchScores(logits, config),
          features,
          explain: (candidate) => ({ logit: logits[candidate]! }),
        })),
      );
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** As chosen on dev; variants without collaborative ranking give the other mentions no weight. */
export function rankingOf({
  config,
  ranking = {},
}: Pick<MmelModelParts, "config" | "ranking">): NonNullable<Model["ranking"]> {
  const { collaborativeWeight, beam } = ranking;
  const weight = variantOf(config).collaborative ? collaborativeWeight : 0;
  return {
    ...(weight === undefined ? {} : { collaborativeWeight: weight }),
    ...(beam === undefined ? {} : { beam }),
  };
}
