import { createPairEncoder, weightSources } from "../../encoders/index.js";
import type { ImageSource } from "../../pictures/index.js";
import { createEngine, type Engine } from "../../tensor/engine/index.js";
import type { Checkpoint } from "../checkpoint/open.js";
import type { Model } from "../model.js";
import { mmelModel } from "./model.js";
import { createPairReader } from "./pair-input.js";
import { createScorer, type MmelScorer } from "./scorer.js";

export interface MmelOptions {
  /** Vectors of the images at paths below the images folder; default: no caption and no entity has an image. */
  readonly images?: ImageSource;
  /** Threads of one operator; default: all cores. */
  readonly threads?: number;
  /** Tokens of one batch, padding included. */
  readonly batchTokens?: number;
}

/** A checkpoint's network running in an engine of its own. */
export interface RunningScorer {
  readonly scorer: MmelScorer;
  readonly engine: Engine;
}

/** Starts the network of a checkpoint: what `createMmelModel` wraps, and cascades build on. `MODEL_DAMAGED`, `ENGINE`. */
export async function startScorer(checkpoint: Checkpoint, options: MmelOptions = {}): Promise<RunningScorer> {
  const { config, tokenizer, weights } = checkpoint;
  const { images, threads, batchTokens } = options;
  const engine = createEngine(threads === undefined ? {} : { threads });
  try {
    await engine.load(weightSources(weights));
    const scorer = await createScorer({
      architecture: config,
      engine,
      reader: createPairReader({
        config: config.head,
        encoder: createPairEncoder(tokenizer, config.input),
        images,
      }),
      ...(batchTokens === undefined ? {} : { batchTokens }),
    });
    return { scorer, engine };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** An opened checkpoint as a model; closing it ends its engine. */
export async function createMmelModel(
  checkpoint: Checkpoint,
  options: MmelOptions = {},
): Promise<Model<Float32Array>> {
  const { config, hash } = checkpoint;
  const running = await startScorer(checkpoint, options);
  return mmelModel({ name: config.name, hash, config: config.head, ranking: config.ranking, ...running });
}
