import {
  createPairEncoder,
  type PairOptions,
  type TextTokenizer,
  weightSources,
} from "../../encoders/index.js";
import type { StoredTensors } from "../../formats/safetensors/index.js";
import type { ImageSource } from "../../pictures/index.js";
import { createEngine, type Engine, isInt8Exact } from "../../tensor/engine/index.js";
import type { Model, PairSimilarity } from "../model.js";
import { clampProbability, softmax } from "../softmax.js";
import { baselineOf, type MmelArchitecture, type MmelConfig, variantOf } from "./config.js";
import { createPairReader } from "./inputs.js";
import { storedDivisors } from "./int8.js";
import { createScorer, type MmelScorer } from "./scorer.js";

/** Ranking settings that were chosen on dev captions and stored in a checkpoint. */
interface StoredRanking {
  readonly collaborativeWeight?: number | undefined;
  readonly beam?: number | undefined;
  readonly select?: "mean" | "similarity" | undefined;
}

/** A model from a checkpoint. Its weights have not been read from the file yet. */
export interface StoredNetwork {
  readonly config: MmelArchitecture & {
    readonly name: string;
    readonly input: PairOptions;
    readonly ranking?: StoredRanking | undefined;
  };
  readonly tokenizer: TextTokenizer;
  readonly weights: StoredTensors;
  readonly hash: string;
}

export interface MmelOptions {
  /** Image vectors by path, relative to the images folder. By default no caption or entity has an image. */
  readonly images?: ImageSource;
}

/** A network that runs in its own engine. */
export interface RunningScorer {
  readonly scorer: MmelScorer;
  readonly engine: Engine;
}

/**
 * Starts the network of a stored model in an engine, which the caller closes. The network computes in int8 if the model
 * is prepared for it and the machine computes exactly in int8; otherwise in float32. Throws the errors of
 * `readTensors` if the weights cannot be loaded, and `ENGINE` if the worker fails.
 */
export async function startScorer(
  { config, tokenizer, weights }: StoredNetwork,
  { images }: MmelOptions = {},
): Promise<RunningScorer> {
  const engine = createEngine();
  try {
    await engine.load(weightSources(weights));
    const encoder = createPairEncoder(tokenizer, config.input);
    const reader = createPairReader({ config: config.head, encoder, images });
    const int8 = (await isInt8Exact(engine)) ? await storedDivisors(weights) : undefined;
    return { scorer: await createScorer({ architecture: config, engine, reader, int8 }), engine };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** Opens a stored network as a model. Closing the model closes its engine. Throws the errors of `startScorer`. */
export async function createMmelModel(
  stored: StoredNetwork,
  options: MmelOptions = {},
): Promise<Model<Float32Array>> {
  const { config, hash } = stored;
  const running = await startScorer(stored, options);
  return mmelModel({ name: config.name, hash, config: config.head, ranking: config.ranking, ...running });
}

export interface MmelModelParts {
  readonly name: string;
  readonly hash: string;
  readonly config: MmelConfig;
  readonly scorer: MmelScorer;
  /** The engine that the scorer uses. Closing the model closes the engine. */
  readonly engine: Engine;
  readonly ranking?: StoredRanking | undefined;
}

/**
 * Creates a model that consists of the network only. The match scores m are computed from the logits, and an entity's
 * features are h^e. `explain` returns a candidate's `logit`.
 */
export function mmelModel(parts: MmelModelParts): Model<Float32Array> {
  const { name, hash, config, scorer, engine } = parts;
  const close = (): Promise<void> => engine.close();
  return {
    name,
    hash,
    ranking: rankingOf(parts),
    ...(baselineOf(config) === undefined && { pairs: networkPairs(scorer) }),
    async score(captions, { signal } = {}) {
      const scored = await scorer.logits(captions, signal);
      return scored.map((mentions) =>
        mentions.map(({ logits, features }) => ({
          match: matchScores(logits, config),
          features: logits.map((_, candidate) => features[candidate]),
          explain: (candidate) => ({ logit: logits[candidate]! }),
        })),
      );
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Returns the pair similarity S that a network computes from the features h^e of two entities. */
export const networkPairs = (scorer: MmelScorer): PairSimilarity<Float32Array> => ({
  combine: (partial, candidate) => partial.map((value, i) => (value + candidate[i]!) / 2),
  similarities: async (left, right) =>
    (await scorer.similarities(left, right)).map((s) => clampProbability(s)),
});

/**
 * Returns the ranking settings that were chosen on dev captions. In variants without collaborative ranking, the other
 * mentions have a weight of 0.
 */
export function rankingOf({
  config,
  ranking = {},
}: Pick<MmelModelParts, "config" | "ranking">): NonNullable<Model["ranking"]> {
  const { collaborativeWeight, beam, select } = ranking;
  const isCollaborative = baselineOf(config) === undefined && variantOf(config).collaborative;
  const weight = isCollaborative ? collaborativeWeight : 0;
  return {
    ...(weight === undefined ? {} : { collaborativeWeight: weight }),
    ...(beam === undefined ? {} : { beam }),
    ...(select === undefined ? {} : { select }),
  };
}

/**
 * Computes m of a mention's candidates from their logits l: softmax(l / T) for a baseline and if the model was trained with the
 * listwise loss, otherwise sigmoid(l).
 */
export function matchScores(logits: readonly number[], config: MmelConfig): number[] {
  const { loss, temperature } = config;
  const row = baselineOf(config);
  if (loss === "paper" && row === undefined)
    return logits.map((l) => clampProbability(1 / (1 + Math.exp(-l))));
  return softmax(logits, temperature).map((m) => clampProbability(m));
}
