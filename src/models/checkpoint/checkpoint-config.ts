import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { maxPositions, parseEncoderConfig, type TextEncoderConfig } from "../../encoders/index.js";
import { issuesOf } from "../../formats/safetensors/index.js";
import { selectionSchema } from "../cascade/select.js";
import { mmelConfigSchema } from "../mmel/config.js";

/** The version of `config.json` that this release writes, and the latest version that it can read. */
const FORMAT_VERSION = 1;

const schema = z.strictObject({
  model_type: z.literal("mmel"),
  format_version: z.literal(FORMAT_VERSION),
  /** Name of the model. Links identify their model as `NAME@HASH`. */
  name: z.string().regex(/^[\w.-]{1,100}$/, "letters, digits, dots, dashes and underscores only"),
  /** Number format of the weights in `model.safetensors`. */
  precision: z.enum(["F32", "F16", "I8"]),
  head: mmelConfigSchema,
  encoder: z.unknown(),
  input: z.strictObject({
    /** Maximum length of the text encoder's input, in tokens. */
    maxTokens: z.int().min(32),
    /** Share of the input's tokens that is reserved for the mention and its context. */
    contextShare: z.number().min(0.25).max(0.75),
  }),
  /** The image encoder that computed the image vectors in the training data. */
  imageEncoder: z.strictObject({ id: z.string().min(1), hash: z.string().min(1) }).optional(),
  /** The lexical ranker that runs first, if `head.lexicalPrior` is set. The weights are valid with this ranker only. */
  firstStage: z.strictObject({ name: z.string().min(1), hash: z.string().min(1) }).optional(),
  /** Settings that determine how many candidates the first stage passes to the network. */
  selection: selectionSchema.optional(),
  /** How strongly the network's logits count on top of the first stage (see `networkWeight`); default: fully. */
  contextWeight: z.number().positive().optional(),
  /** Ranking settings, chosen on the dev captions. */
  ranking: z
    .strictObject({
      collaborativeWeight: z.number().nonnegative(),
      beam: z.int().positive(),
      select: z.enum(["mean", "similarity"]),
    })
    .partial()
    .optional(),
  /** The training record: data, settings and results. It does not affect scores. */
  training: z.record(z.string(), z.json()).optional(),
});

/** The configuration of a model: everything except its weights and its vocabulary. */
export type CheckpointConfig = Omit<z.infer<typeof schema>, "encoder"> & {
  readonly encoder: TextEncoderConfig;
};

/**
 * Validates a checkpoint's `config.json`. Throws MODEL_UNSUPPORTED if its `model_type` is not `mmel`, its format
 * version is too new, or its text encoder is not supported, and MODEL_DAMAGED if the configuration is invalid in
 * another way.
 */
export function parseCheckpointConfig(json: object, where: string): CheckpointConfig {
  assertReadable(json, where);
  const parsed = schema.safeParse(json);
  if (!parsed.success)
    throw new MmelError("MODEL_DAMAGED", {
      what: `the configuration is invalid (${issuesOf(parsed.error)})`,
      where,
    });
  const config = { ...parsed.data, encoder: parseEncoderConfig(parsed.data.encoder, where) };
  const positions = maxPositions(config.encoder);
  if (config.input.maxTokens <= positions) return config;
  throw new MmelError("MODEL_DAMAGED", {
    what: `the maximum input length is ${config.input.maxTokens} tokens`,
    where,
    expected: `at most ${positions} tokens, the number of positions in the text encoder`,
  });
}

function assertReadable(json: { model_type?: unknown; format_version?: unknown }, where: string): void {
  const { model_type: type, format_version: version } = json;
  if (type !== "mmel")
    throw new MmelError("MODEL_UNSUPPORTED", {
      what: `the model_type is ${JSON.stringify(type)}`,
      where,
      expected: '"mmel"',
      hint: "Train a model from a text encoder with `mmel train`.",
    });
  if (typeof version === "number" && version > FORMAT_VERSION)
    throw new MmelError("MODEL_UNSUPPORTED", {
      what: `the checkpoint has format version ${version}`,
      where,
      expected: `at most ${FORMAT_VERSION}`,
      hint: "Use a newer release of mmel.",
    });
}
