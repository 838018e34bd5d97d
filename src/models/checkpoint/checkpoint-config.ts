import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { maxPositions, parseEncoderConfig, type TextEncoderConfig } from "../../encoders/index.js";
import { issuesOf } from "../../formats/safetensors/index.js";
import { selectionSchema } from "../cascade/select.js";
import { mmelConfigSchema } from "../mmel/config.js";

/** The version of `config.json` that this release writes; it cannot read later ones. */
const FORMAT_VERSION = 1;

const schema = z.strictObject({
  model_type: z.literal("mmel"),
  format_version: z.literal(FORMAT_VERSION),
  /** Links carry the model as `NAME@HASH`. */
  name: z.string().regex(/^[\w.-]{1,100}$/, "letters, digits, dots, dashes and underscores only"),
  /** How `model.safetensors` stores the weights. */
  precision: z.enum(["F32", "F16", "I8"]),
  head: mmelConfigSchema,
  encoder: z.unknown(),
  input: z.strictObject({
    /** Maximum length of the text encoder's input, in tokens. */
    maxTokens: z.int().min(32),
    /** Share of them reserved for mention and context. */
    contextShare: z.number().min(0.25).max(0.75),
  }),
  /** The image encoder of the vectors that the model was trained with. */
  imageEncoder: z.strictObject({ id: z.string().min(1), hash: z.string().min(1) }).optional(),
  /** The lexical ranker that runs first, if `head.lexicalPrior`; the weights are valid with this one only. */
  firstStage: z.strictObject({ name: z.string().min(1), hash: z.string().min(1) }).optional(),
  /** How many candidates the first stage passes on. */
  selection: selectionSchema.optional(),
  /** Chosen on dev. */
  ranking: z
    .strictObject({ collaborativeWeight: z.number().nonnegative(), beam: z.int().positive() })
    .partial()
    .optional(),
  /** The training record: data, settings, figures. It has no effect on scores. */
  training: z.record(z.string(), z.json()).optional(),
});

/** Everything about a model except its weights and its vocabulary. */
export type CheckpointConfig = Omit<z.infer<typeof schema>, "encoder"> & {
  readonly encoder: TextEncoderConfig;
};

/**
 * Validates a checkpoint's `config.json`. Throws MODEL_UNSUPPORTED for another kind of model or a later version, and
 * MODEL_DAMAGED.
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
    expected: `at most ${positions}, the number of positions of the text encoder`,
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
