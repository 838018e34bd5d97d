import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { isBundledEncoder } from "../../encoders/image/index.js";
import { isHubName } from "../../encoders/index.js";
import { issuesOf } from "../../formats/safetensors/index.js";
import { mmelConfigSchema } from "../../models/mmel/config.js";
import { bundledFolder } from "../../models/registry.js";
import { isServerUrl } from "../../postgres/index.js";
import { PRESET_NAMES, PRESETS } from "./presets.js";

const path = z.string().min(1);

/** Source of a training mention's negatives. */
const negativesSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    /**
     * Uses the mention's own candidates, as in the paper. The first `top` negatives are the best candidates; the
     * remaining negatives are drawn at random.
     */
    kind: z.literal("candidates"),
    /** Number of negatives per mention. */
    count: z.int().min(1).max(64).default(1),
    /** Number of best candidates from which negatives are drawn. */
    pool: z.int().min(1).max(1000).default(100),
    /** How many of the `count` negatives are the best candidates instead of random ones. */
    top: z.int().min(0).default(0),
    /**
     * How many times, at equal intervals, the network orders the negatives by its own scores. Before the first time,
     * the lexical ranker's order or the order of the name scores applies.
     */
    refreshes: z.int().min(0).max(20).default(0),
    /** How many of the best candidates the network scores then. */
    scored: z.int().min(1).max(1000).default(8),
  }),
  z.strictObject({
    /**
     * Draws entities that share a word with the gold entity, weighted by tf-idf, as in the authors' code. `uniform` is
     * the share of draws that are made from all entities instead.
     */
    kind: z.literal("tfidf"),
    count: z.int().min(1).max(64).default(1),
    uniform: z.number().min(0).max(1).default(0.05),
  }),
]);

const fields = z.strictObject({
  $schema: z.string().optional(),
  /** Preset whose settings apply unless the configuration file overrides them. */
  preset: z.enum(PRESET_NAMES).optional(),
  /** Name of the model, which is recorded in links. */
  name: z.string().regex(/^[\w.-]{1,100}$/),
  /** Folder of the pretrained text encoder, or its name on the hub (`ORGANISATION/NAME@COMMIT`). */
  encoder: path.optional(),
  /** Number of the text encoder's layers to keep, counted from the first; default: all. */
  encoderLayers: z.int().min(1).optional(),
  /** Model to continue training from, instead of `encoder`: a bundled model or a checkpoint folder. */
  init: path.optional(),
  /** Knowledge base: a folder or a `postgres://` URL. */
  kb: path,
  /** Files of training captions with gold entities. */
  train: z.array(path).min(1),
  /** File of captions with gold entities on which checkpoints are compared. */
  dev: path,
  output: path.optional(),
  /** Folder with the images of captions and entities; without it the model learns from text only. */
  images: path.optional(),
  /** Folder for the image vectors; default: the folder that linking uses. */
  features: path.optional(),
  /** Image encoder: the name of a bundled encoder, a folder, or a name on the hub (`ORGANISATION/NAME@COMMIT`). */
  imageEncoder: path.default("efficientnet-lite0"),
  /** Folder of an image-similarity model, whose scores are added to the lexical prior (`head.lexicalPrior`). */
  sight: path.optional(),
  /** Share of the training captions whose image is dropped; the seed determines which. */
  imageDropout: z.number().min(0).max(1).default(0),
  head: mmelConfigSchema.prefault({}),
  /** Maximum length of the text encoder's input, in tokens. */
  maxTokens: z.int().min(32).max(512).default(128),
  /** Share of the input's tokens that is reserved for the mention and its context if the entity text is long. */
  contextShare: z.number().min(0.25).max(0.75).default(0.5),
  negatives: negativesSchema.prefault({ kind: "candidates" }),
  /**
   * Whether to use a mention twice if its caption has no other mention, so that the pair loss applies, as in the paper.
   */
  twice: z.boolean().default(true),
  /**
   * Whether to train only on ambiguous mentions. A mention is ambiguous if the name score of a wrong candidate is
   * higher than the gold entity's name score or about equal to it. From mentions that are not ambiguous, the model
   * would learn little more than to compare names.
   */
  ambiguous: z.boolean().default(false),
  /**
   * Share of the steps over which the lexical prior's weight rises from 0 to 1, so that the network first learns
   * without the prior.
   */
  priorWarmup: z.number().min(0).max(1).default(0),
  /** Whether to add a copy of each caption with its names shortened to their last words. */
  shortNames: z.boolean().default(false),
  /** Number of captions to train on; the seed determines which. Default: all. */
  sample: z.int().min(1).optional(),
  seed: z.int().min(0).default(1),
  /** Number of captions per step. */
  batch: z.int().min(1).default(32),
  /**
   * Maximum number of tokens in a micro-batch, including padding. Limits memory use. The only effect on results is that
   * different dropout masks are drawn.
   */
  microBatchTokens: z.int().min(64).default(1536),
  epochs: z.number().positive().default(10),
  learningRate: z.number().positive().default(5e-5),
  /**
   * Learning rate of the text encoder, as a fraction of `learningRate`. Pretrained weights need smaller steps than a
   * random head.
   */
  encoderRate: z.number().positive().max(1).default(1),
  weightDecay: z.number().min(0).default(0.05),
  /** Number of steps over which the learning rate rises from 0 to `learningRate`. */
  warmup: z.int().min(0).default(100),
  /** Maximum norm of the gradient; larger gradients are scaled down to it. */
  clip: z.number().positive().default(1),
  /**
   * Decay of the exponential moving average of the weights, per step. With it, checkpoints are evaluated and saved with
   * the averages. Default: the weights themselves.
   */
  averageDecay: z.number().min(0.5).max(0.99999).optional(),
  /** Dropout rate of the head. */
  dropout: z.number().min(0).max(0.9).default(0.2),
  /** Dropout rate of the text encoder; default: the rate in the encoder's configuration. */
  encoderDropout: z.number().min(0).max(0.9).optional(),
  /** γ in equation 11 of the paper, the margin of the pair loss. */
  margin: z.number().min(0).default(0.3),
  /**
   * Factors of the matching loss and of the pair loss in their sum. The matching loss is a mean: over the candidates of
   * a mention with `head.loss` "paper", and over the mentions.
   */
  lossWeights: z
    .strictObject({ matching: z.number().positive().default(1), pair: z.number().min(0).default(1) })
    .prefault({}),
  /** Ranking settings of the checkpoint. */
  ranking: z
    .strictObject({
      /** Score by which collaborative ranking selects combinations (see `CollaborationOptions`). */
      select: z.enum(["mean", "similarity"]).default("mean"),
    })
    .prefault({}),
  evaluation: z
    .strictObject({
      /** Number of steps between two evaluations. */
      every: z.int().min(1).default(500),
      /** Number of dev captions on which the model is evaluated. Every evaluation uses the same captions. */
      sample: z.int().min(1).default(500),
      candidates: z.int().min(1).max(1000).default(100),
      protocol: z.enum(["retrieval", "paper"]).default("retrieval"),
      /** Figure by which checkpoints are compared. */
      measure: z.enum(["top1", "top5"]).default("top1"),
      /** Whether the mentions of a caption are ranked together. */
      collaborative: z.boolean().default(false),
      /** Training stops after this number of consecutive evaluations without a new best figure. */
      patience: z.int().min(1).default(5),
    })
    .prefault({}),
});

/** Schema of the configuration file for `mmel train --config FILE.json`. Paths are relative to the file. */
export const trainingConfigSchema = fields.superRefine(
  ({ encoder, init, images, sight, negatives, head }, context) => {
    const reject = (field: string, message: string): void =>
      context.addIssue({ code: "custom", path: [field], message });
    if (encoder === undefined && init === undefined)
      reject("encoder", "missing; expected a pretrained text encoder, or `init`, a model to continue from");
    if (sight !== undefined && (images === undefined || !head.lexicalPrior))
      reject("sight", "an image-similarity model requires `images` and `head.lexicalPrior`");
    if (negatives.kind === "tfidf" && head.lexicalPrior)
      reject("negatives", "entities drawn by tf-idf have no lexical prior; expected the kind `candidates`");
    if (negatives.kind === "candidates" && negatives.top > negatives.count)
      reject(
        "negatives",
        `top is ${negatives.top}; expected at most ${negatives.count}, the value of \`count\``,
      );
    if (negatives.kind === "candidates" && negatives.refreshes > 0 && negatives.scored > negatives.pool)
      reject(
        "negatives",
        `scored is ${negatives.scored}; expected at most ${negatives.pool}, the value of \`pool\``,
      );
    if (negatives.kind === "candidates" && negatives.count > negatives.pool)
      reject(
        "negatives",
        `count is ${negatives.count}; expected at most ${negatives.pool}, the value of \`pool\``,
      );
  },
);

export type TrainingConfig = z.infer<typeof trainingConfigSchema>;

/** Returns the JSON Schema of the configuration file, for editors. */
export const trainingJsonSchema = (): object => z.toJSONSchema(trainingConfigSchema, { io: "input" });

/**
 * Reads and validates a configuration file, and makes its paths absolute. Settings in `over` override settings in the
 * file. Throws `FILE_NOT_FOUND` if the file does not exist, `FILE_UNREADABLE` if it cannot be read, and `CONFIG` if a
 * setting is invalid.
 */
export async function readTrainingConfig(
  file: string,
  over: { init?: string } = {},
): Promise<TrainingConfig> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new MmelError(cause.code === "ENOENT" ? "FILE_NOT_FOUND" : "FILE_UNREADABLE", {
      what: `the configuration cannot be read (${cause.message})`,
      where: file,
      cause,
    });
  });
  const { encoder, init, output, images, features, sight, ...config } = parseTrainingConfig(text, file, over);
  const absolute = (name: string): string => resolve(dirname(file), name);
  return {
    ...config,
    ...(encoder !== undefined && { encoder: isHubName(encoder) ? encoder : absolute(encoder) }),
    ...(init !== undefined && { init: bundledFolder(init) === undefined ? absolute(init) : init }),
    kb: isServerUrl(config.kb) ? config.kb : absolute(config.kb),
    train: config.train.map(absolute),
    dev: absolute(config.dev),
    ...(output !== undefined && { output: absolute(output) }),
    ...(images !== undefined && { images: absolute(images) }),
    ...(features !== undefined && { features: absolute(features) }),
    ...(sight !== undefined && { sight: absolute(sight) }),
    imageEncoder: isNamed(config.imageEncoder) ? config.imageEncoder : absolute(config.imageEncoder),
  };
}

const isNamed = (encoder: string): boolean => isHubName(encoder) || isBundledEncoder(encoder);

/**
 * Parses a configuration. Missing settings come from the preset, then from the defaults. Throws `CONFIG` with a list of
 * all problems.
 */
export function parseTrainingConfig(text: string, where: string, over: object = {}): TrainingConfig {
  const invalid = (what: string): MmelError =>
    new MmelError("CONFIG", { what, where, hint: "Run `mmel train --schema` for all settings." });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw invalid(`the configuration is not JSON (${(error as Error).message})`);
  }
  if (!isObject(json)) throw invalid("the configuration is not a JSON object");
  const { preset } = json as { preset?: unknown };
  const known = PRESET_NAMES.find((name) => name === preset);
  const chosen = { ...json, ...over };
  const parsed = trainingConfigSchema.safeParse(
    known === undefined ? chosen : merged(PRESETS[known], chosen),
  );
  if (parsed.success) return parsed.data;
  throw invalid(issuesOf(parsed.error));
}

/**
 * Returns `base` with the settings in `over` applied recursively. An object whose `kind` differs replaces the object in
 * `base` completely.
 */
function merged(base: object, over: object): object {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isObject(below) && isObject(value) && sameKind(below, value) ? merged(below, value) : value;
  }
  return result;
}

const sameKind = (base: { kind?: unknown }, over: { kind?: unknown }): boolean =>
  over.kind === undefined || over.kind === base.kind;

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
