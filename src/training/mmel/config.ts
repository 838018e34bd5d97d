import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { isBundledEncoder } from "../../encoders/image/index.js";
import { isHubName } from "../../encoders/index.js";
import { issuesOf } from "../../formats/safetensors/index.js";
import { mmelConfigSchema } from "../../models/mmel/config.js";
import { bundledFolder } from "../../models/registry.js";
import { PRESET_NAMES, PRESETS } from "./presets.js";

const path = z.string().min(1);

/** Where the wrong candidates of a training mention come from. */
const negativesSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    /** The mention's own candidates, as the paper's text has it: `top` of them the best-placed, the others at random. */
    kind: z.literal("candidates"),
    /** Wrong candidates a mention. */
    count: z.int().min(1).max(64).default(1),
    /** Drawn from the first so many candidates. */
    pool: z.int().min(1).max(1000).default(100),
    /** How many of `count` are the best-placed ones. */
    top: z.int().min(0).default(0),
  }),
  z.strictObject({
    /** As the authors' code: an entity that shares a tf-idf-weighted word with gold's text; `uniform` of them any. */
    kind: z.literal("tfidf"),
    count: z.int().min(1).max(64).default(1),
    uniform: z.number().min(0).max(1).default(0.05),
  }),
]);

const fields = z.strictObject({
  $schema: z.string().optional(),
  /** Settings that this file then overrides. */
  preset: z.enum(PRESET_NAMES).optional(),
  /** What links will call the model. */
  name: z.string().regex(/^[\w.-]{1,100}$/),
  /** Folder of the pretrained text encoder, or its name and commit on the hub. */
  encoder: path.optional(),
  /** Use only the first so many layers of it. */
  encoderLayers: z.int().min(1).optional(),
  /** Instead of an encoder: the model to go on from, bundled or a checkpoint folder. */
  init: path.optional(),
  kb: path,
  train: z.array(path).min(1),
  dev: path,
  output: path.optional(),
  /** Folder below which the pictures of captions and entities lie; absent: the model learns without pictures. */
  images: path.optional(),
  /** Folder that keeps their vectors; default: that of linking. */
  features: path.optional(),
  /** What looks at them: a bundled image encoder, a folder, or a name and commit on the hub. */
  imageEncoder: path.default("efficientnet-lite0"),
  /** Folder of a sight, which adds what pictures say to the lexical prior (`head.lexicalPrior`). */
  sight: path.optional(),
  /** Share of the training captions, drawn with the seed, that are learnt without their picture. */
  imageDropout: z.number().min(0).max(1).default(0),
  head: mmelConfigSchema.prefault({}),
  maxTokens: z.int().min(32).max(512).default(128),
  contextShare: z.number().min(0.25).max(0.75).default(0.5),
  negatives: negativesSchema.prefault({ kind: "candidates" }),
  /** A caption with one mention stands for both mentions of the pair loss, as in the paper. */
  twice: z.boolean().default(true),
  /** Learn only from mentions whose name fits a wrong candidate as well as gold: the others teach little but names. */
  ambiguous: z.boolean().default(false),
  /** The lexical prior comes in from nothing to all over this share of the steps, so that the network first learns by itself. */
  priorWarmup: z.number().min(0).max(1).default(0),
  /** Each caption once more with its names cut to their last words. */
  shortNames: z.boolean().default(false),
  /** Train on this many captions, drawn with the seed; default: all. */
  sample: z.int().min(1).optional(),
  seed: z.int().min(0).default(1),
  /** Captions a step. */
  batch: z.int().min(1).default(32),
  /** Tokens of one micro-batch, padding included: bounds memory; changes which dropout masks are drawn and nothing else. */
  microBatchTokens: z.int().min(64).default(1536),
  epochs: z.number().positive().default(10),
  learningRate: z.number().positive().default(5e-5),
  /** Of the text encoder, as a share of it: what is pretrained moves less than a head that begins at random. */
  encoderRate: z.number().positive().max(1).default(1),
  weightDecay: z.number().min(0).default(0.05),
  warmup: z.int().min(0).default(100),
  clip: z.number().positive().default(1),
  /** Dropout of the head. */
  dropout: z.number().min(0).max(0.9).default(0.2),
  /** Dropout of the text encoder; default: what it was pretrained with. */
  encoderDropout: z.number().min(0).max(0.9).optional(),
  /** gamma of equation 11. */
  margin: z.number().min(0).default(0.3),
  evaluation: z
    .strictObject({
      /** Optimiser steps between two evaluations. */
      every: z.int().min(1).default(500),
      /** Dev captions of each, always the same ones. */
      sample: z.int().min(1).default(500),
      candidates: z.int().min(1).max(1000).default(100),
      protocol: z.enum(["retrieval", "paper"]).default("retrieval"),
      /** Stop after so many evaluations without a better Top-1. */
      patience: z.int().min(1).default(5),
    })
    .prefault({}),
});

/** What `mmel train --config FILE.json` reads; paths are relative to the file. */
export const trainingConfigSchema = fields.superRefine(
  ({ encoder, init, images, sight, negatives, head }, context) => {
    const refuse = (at: string, message: string): void =>
      context.addIssue({ code: "custom", path: [at], message });
    if (encoder === undefined && init === undefined)
      refuse("encoder", "missing; a pretrained text encoder, or `init`, a model to go on from");
    if (sight !== undefined && (images === undefined || !head.lexicalPrior))
      refuse("sight", "a sight joins the lexical prior; expected images and head.lexicalPrior");
    if (negatives.kind === "tfidf" && head.lexicalPrior)
      refuse("negatives", "entities drawn by tf-idf have no lexical prior; expected candidates");
    if (negatives.kind === "candidates" && negatives.top > negatives.count)
      refuse("negatives", `top ${negatives.top} of ${negatives.count}; expected at most count`);
    if (negatives.kind === "candidates" && negatives.count > negatives.pool)
      refuse("negatives", `${negatives.count} drawn from a pool of ${negatives.pool}; expected at most pool`);
  },
);

export type TrainingConfig = z.infer<typeof trainingConfigSchema>;

/** JSON Schema of the configuration file, for editors. */
export const trainingJsonSchema = (): object => z.toJSONSchema(trainingConfigSchema, { io: "input" });

/**
 * Reads and checks a configuration file; its paths come out absolute. `over` beats what stands there. `CONFIG`, `FILE_NOT_FOUND`, `FILE_UNREADABLE`.
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
    kb: absolute(config.kb),
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
 * Checks a configuration's text; what it leaves out comes from its preset, then from
 * the defaults. `CONFIG` lists all that is wrong.
 */
export function parseTrainingConfig(text: string, where: string, over: object = {}): TrainingConfig {
  const wrong = (what: string): MmelError =>
    new MmelError("CONFIG", { what, where, hint: "mmel train --schema, for all that it may hold" });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw wrong(`the configuration is not JSON (${(error as Error).message})`);
  }
  if (!isObject(json)) throw wrong("the configuration is no object");
  const { preset } = json as { preset?: unknown };
  const known = PRESET_NAMES.find((name) => name === preset);
  const chosen = { ...json, ...over };
  const parsed = trainingConfigSchema.safeParse(
    known === undefined ? chosen : merged(PRESETS[known], chosen),
  );
  if (parsed.success) return parsed.data;
  throw wrong(issuesOf(parsed.error));
}

/** The second over the first, objects within merged alike; one of another kind replaces the first whole. */
function merged(base: object, over: object): object {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const under = result[key];
    result[key] = isObject(under) && isObject(value) && sameKind(under, value) ? merged(under, value) : value;
  }
  return result;
}

const sameKind = (under: { kind?: unknown }, over: { kind?: unknown }): boolean =>
  over.kind === undefined || over.kind === under.kind;

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
