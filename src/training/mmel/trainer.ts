import { createRandom } from "../../core/index.js";
import { createPairEncoder, type TextTokenizer } from "../../encoders/index.js";
import {
  createPairReader,
  createScorer,
  type MmelArchitecture,
  mentionsOf,
  type PairReader,
  passLengths,
  trainingProgram,
} from "../../models/mmel/index.js";
import type { ImageSource } from "../../pictures/index.js";
import { createEngine, type Engine, type MicroBatch, type Weight } from "../../tensor/engine/index.js";
import { linearSchedule } from "../../tensor/optim.js";
import type { TrainingConfig } from "./config.js";
import type { Example } from "./examples.js";
import { inOrder, type NegativeOrders, orderByNetwork } from "./hard-negatives.js";
import { type PackedGroups, packGroups, programKey } from "./micro-batches.js";
import { type Negatives, sampleGroup } from "./sample.js";

export interface TrainerParts {
  readonly config: TrainingConfig;
  readonly architecture: MmelArchitecture;
  readonly tokenizer: TextTokenizer;
  readonly weights: readonly Weight[];
  readonly examples: readonly Example[];
  readonly negatives: Negatives;
  /** Image vectors by path. By default no caption or entity has an image. */
  readonly images?: ImageSource | undefined;
}

export interface Trainer extends AsyncDisposable {
  readonly engine: Engine;
  /** Total number of optimiser steps in the training run. */
  readonly steps: number;
  /**
   * Performs step `index`, counted from 0. The result depends only on the state of the engine, the seed and the index.
   */
  step(
    index: number,
    signal?: AbortSignal,
  ): Promise<{ loss: number; gradientNorm: number; learningRate: number }>;
  /**
   * Orders the wrong candidates of all mentions with the current weights. The order applies only after it was passed to
   * `useOrders`.
   */
  orders(count: number, signal?: AbortSignal): Promise<NegativeOrders>;
  /** Draws the negatives of later steps from the candidates in this order. */
  useOrders(orders: NegativeOrders): void;
}

/**
 * Padded lengths are multiples of this number of tokens. Each length needs its own session, so the number of lengths is
 * kept small.
 */
const LENGTH_STEP = 16;
const SESSIONS = { maxSessions: 48, maxSessionBytes: 4 * 2 ** 30 };

export async function createTrainer(parts: TrainerParts): Promise<Trainer> {
  const engine = createEngine(SESSIONS);
  try {
    await engine.load(parts.weights);
    const { config, tokenizer, architecture, images } = parts;
    const encoder = createPairEncoder(tokenizer, config);
    const reader = createPairReader({ config: architecture.head, encoder, images });
    return {
      engine,
      [Symbol.asyncDispose]: () => engine.close(),
      async orders(count, signal) {
        const scorer = await createScorer({ architecture, engine, reader });
        return orderByNetwork(parts.examples, scorer, count, signal);
      },
      ...(await stepsOf(parts, engine, reader)),
    };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

async function stepsOf(
  parts: TrainerParts,
  engine: Engine,
  read: PairReader,
): Promise<Pick<Trainer, "steps" | "step" | "useOrders">> {
  const { config, architecture } = parts;
  const { maxTokens, microBatchTokens, seed } = config;
  const { learningRate: peak, encoderRate, warmup, weightDecay, clip, averageDecay } = config;
  const packing = {
    config: architecture.head,
    read,
    lengths: multiples(LENGTH_STEP, maxTokens),
    tokens: microBatchTokens,
  };
  const define = definer(parts, engine);
  let examples = parts.examples;
  const most = mentionsOf(architecture.head);
  const epochSteps = Math.ceil(examples.length / config.batch);
  const steps = Math.max(1, Math.round(config.epochs * epochSteps));
  const chosen = orderOf(parts, epochSteps);
  // The program with the pair loss has a gradient for every weight. The optimiser is created for the weights with a
  // gradient, so this program must be defined before the first step.
  await define({ shape: { groups: 1, mentions: 2, candidates: 2 }, length: LENGTH_STEP });
  return {
    steps,
    useOrders(orders) {
      examples = inOrder(parts.examples, orders);
    },
    async step(index, signal) {
      const random = createRandom(`${seed}/sample/${index}`);
      const groups = chosen(index).map((example) =>
        sampleGroup(examples[example]!, parts.negatives, { twice: config.twice, most }, random),
      );
      const priorShare = Math.min(1, (index + 1) / Math.max(1, config.priorWarmup * steps));
      const packed = await packGroups(groups, { ...packing, priorShare });
      const batches: MicroBatch[] = [];
      for (const part of packed) batches.push({ program: await define(part), inputs: part.inputs, share: 1 });
      const learningRate = linearSchedule({ peak, warmup, total: steps }, index);
      const result = await engine.step(batches, {
        learningRate,
        rateFactors: { "encoder.": encoderRate },
        weightDecay,
        clip,
        ...(averageDecay !== undefined && { averageDecay }),
        seed: createRandom(`${seed}/dropout/${index}`).uint32(),
        ...(signal !== undefined && { signal }),
      });
      return { ...result, learningRate };
    },
  };
}

/** Returns a function that returns the key of a micro-batch's program and defines the program on first use. */
function definer({ config, architecture }: TrainerParts, engine: Engine) {
  const { margin, dropout, lossWeights: weights, encoderDropout: rate } = config;
  const { encoder, head } = architecture;
  const rates = rate === undefined ? {} : { hidden_dropout_prob: rate, attention_probs_dropout_prob: rate };
  const model = { head, encoder: { ...encoder, ...rates } };
  const defined = new Set<string>();
  return async (packed: Pick<PackedGroups, "shape" | "length">): Promise<string> => {
    const key = programKey(packed);
    if (defined.has(key)) return key;
    const shape = { ...packed.shape, lengths: passLengths(head, () => packed.length) };
    await engine.define(key, trainingProgram(model, shape, { margin, dropout, weights }));
    defined.add(key);
    return key;
  };
}

/**
 * Returns a function that returns the indices of a step's examples. Each epoch goes through all captions in a different
 * random order.
 */
function orderOf(
  { config, examples }: TrainerParts,
  epochSteps: number,
): (step: number) => readonly number[] {
  let shuffled: { epoch: number; order: readonly number[] } = { epoch: -1, order: [] };
  const orderIn = (epoch: number): readonly number[] => {
    if (shuffled.epoch !== epoch) {
      const order = createRandom(`${config.seed}/epoch/${epoch}`).shuffle([...examples.keys()]);
      shuffled = { epoch, order };
    }
    return shuffled.order;
  };
  return (step) => {
    const begin = (step % epochSteps) * config.batch;
    return orderIn(Math.floor(step / epochSteps)).slice(begin, begin + config.batch);
  };
}

const multiples = (step: number, most: number): number[] =>
  Array.from({ length: Math.ceil(most / step) }, (_, i) => Math.min((i + 1) * step, most));
