import { createRandom } from "../../core/index.js";
import { createPairEncoder, type TextTokenizer } from "../../encoders/index.js";
import { createPairReader, type MmelArchitecture, trainingProgram } from "../../models/mmel/index.js";
import type { ImageSource } from "../../pictures/index.js";
import { createEngine, type Engine, type MicroBatch, type Weight } from "../../tensor/engine/index.js";
import { linearSchedule } from "../../tensor/optim.js";
import type { TrainingConfig } from "./config.js";
import type { Example } from "./examples.js";
import { type PackedGroups, packGroups, passLengths, programKey } from "./micro-batches.js";
import { type Group, type Negatives, sampleGroup } from "./sample.js";

export interface TrainerParts {
  readonly config: TrainingConfig;
  readonly architecture: MmelArchitecture;
  readonly tokenizer: TextTokenizer;
  readonly weights: readonly Weight[];
  readonly examples: readonly Example[];
  readonly negatives: Negatives;
  /** Vectors of the captions' and entities' pictures; default: nothing has a picture. */
  readonly images?: ImageSource | undefined;
}

export interface Trainer extends AsyncDisposable {
  readonly engine: Engine;
  /** Optimiser steps of the whole training. */
  readonly steps: number;
  /** Takes step `at`, counted from 0. What it does follows from the weights, the seed and `at` alone. */
  step(
    at: number,
    signal?: AbortSignal,
  ): Promise<{ loss: number; gradientNorm: number; learningRate: number }>;
}

/** Padded lengths of training: each has a session of its own, so there are few. */
const LENGTH_STEP = 16;
const SESSIONS = { maxSessions: 48, maxSessionBytes: 4 * 2 ** 30 };

export async function createTrainer(parts: TrainerParts): Promise<Trainer> {
  const engine = createEngine(SESSIONS);
  try {
    await engine.load(parts.weights);
    return { engine, [Symbol.asyncDispose]: () => engine.close(), ...(await stepsOf(parts, engine)) };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

async function stepsOf(parts: TrainerParts, engine: Engine): Promise<Pick<Trainer, "steps" | "step">> {
  const { config, architecture, tokenizer, examples } = parts;
  const { maxTokens, contextShare, microBatchTokens, seed } = config;
  const { learningRate: peak, encoderRate, warmup, weightDecay, clip } = config;
  const encoder = createPairEncoder(tokenizer, { maxTokens, contextShare });
  const packing = {
    config: architecture.head,
    read: createPairReader({ config: architecture.head, encoder, images: parts.images }),
    lengths: multiples(LENGTH_STEP, maxTokens),
    tokens: microBatchTokens,
  };
  const define = definer(parts, engine);
  const epochSteps = Math.ceil(examples.length / config.batch);
  const steps = Math.max(1, Math.round(config.epochs * epochSteps));
  const groupsOf = orderOf(parts, epochSteps);
  // The pair loss reaches every weight, so that the optimiser knows them all from the first step on.
  await define({ shape: { groups: 1, mentions: 2, candidates: 2 }, length: LENGTH_STEP });
  return {
    steps,
    async step(at, signal) {
      const priorShare = Math.min(1, (at + 1) / Math.max(1, config.priorWarmup * steps));
      const packed = await packGroups(groupsOf(at), { ...packing, priorShare });
      const batches: MicroBatch[] = [];
      for (const one of packed) batches.push({ program: await define(one), inputs: one.inputs, share: 1 });
      const learningRate = linearSchedule({ peak, warmup, total: steps }, at);
      const result = await engine.step(batches, {
        learningRate,
        rateFactors: { "encoder.": encoderRate },
        weightDecay,
        clip,
        seed: createRandom(`${seed}/dropout/${at}`).uint32(),
        ...(signal !== undefined && { signal }),
      });
      return { ...result, learningRate };
    },
  };
}

/** Announces the program that a micro-batch needs when it is needed first; resolves to its key. */
function definer({ config, architecture }: TrainerParts, engine: Engine) {
  const { margin, dropout, encoderDropout: rate } = config;
  const { encoder, head } = architecture;
  const rates = rate === undefined ? {} : { hidden_dropout_prob: rate, attention_probs_dropout_prob: rate };
  const model = { head, encoder: { ...encoder, ...rates } };
  const defined = new Set<string>();
  return async (packed: Pick<PackedGroups, "shape" | "length">): Promise<string> => {
    const key = programKey(packed);
    if (defined.has(key)) return key;
    const shape = { ...packed.shape, lengths: passLengths(head, packed.length) };
    await engine.define(key, trainingProgram(model, shape, { margin, dropout }));
    defined.add(key);
    return key;
  };
}

/** The captions of each step: every epoch goes through all of them in an order of its own. */
function orderOf({ config, examples, negatives }: TrainerParts, epochSteps: number): (at: number) => Group[] {
  let shuffled: { epoch: number; order: readonly number[] } = { epoch: -1, order: [] };
  const orderIn = (epoch: number): readonly number[] => {
    if (shuffled.epoch !== epoch) {
      const order = createRandom(`${config.seed}/epoch/${epoch}`).shuffle([...examples.keys()]);
      shuffled = { epoch, order };
    }
    return shuffled.order;
  };
  return (at) => {
    const begin = (at % epochSteps) * config.batch;
    const chosen = orderIn(Math.floor(at / epochSteps)).slice(begin, begin + config.batch);
    const random = createRandom(`${config.seed}/sample/${at}`);
    return chosen.map((index) => sampleGroup(examples[index]!, negatives, config.twice, random));
  };
}

const multiples = (step: number, most: number): number[] =>
  Array.from({ length: Math.ceil(most / step) }, (_, at) => Math.min((at + 1) * step, most));
