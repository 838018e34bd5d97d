import type { z } from "zod";
import { MmelError } from "../core/index.js";
import type { TensorNaming } from "../formats/safetensors/index.js";
import { issuesOf } from "../formats/safetensors/index.js";
import type { Value } from "../onnx/index.js";
import { type BertConfig, bertConfigSchema } from "./bert/config.js";
import { bertEncoder, type EncoderInputs } from "./bert/encoder.js";
import { bertNaming, bertParameters } from "./bert/parameters.js";

/** What `config.json` says of a text encoder; `model_type` tells the architectures apart. */
export type TextEncoderConfig = BertConfig;

interface Architecture {
  readonly schema: z.ZodType<TextEncoderConfig>;
  /** Name -> shape of every weight. */
  readonly parameters: (config: TextEncoderConfig) => ReadonlyMap<string, readonly number[]>;
  /** How pretrained files name them. */
  readonly naming: (config: TextEncoderConfig) => TensorNaming;
  /** The graph of it: hidden states [B, L, hidden_size]. */
  readonly encode: (config: TextEncoderConfig, inputs: EncoderInputs) => Value;
}

/** One row an architecture. */
export const ARCHITECTURES: Readonly<Record<TextEncoderConfig["model_type"], Architecture>> = {
  bert: { schema: bertConfigSchema, parameters: bertParameters, naming: bertNaming, encode: bertEncoder },
};

/** The text encoder's hidden states [B, L, hidden_size], its parameters named within the scope of the caller. */
export function textEncoder(config: TextEncoderConfig, inputs: EncoderInputs): Value {
  return ARCHITECTURES[config.model_type].encode(config, inputs);
}

/** Checks a parsed `config.json`. `MODEL_UNSUPPORTED` for another architecture or variant of it. */
export function parseEncoderConfig(json: unknown, where: string): TextEncoderConfig {
  const type =
    typeof json === "object" && json !== null && "model_type" in json ? json.model_type : undefined;
  const supported = Object.keys(ARCHITECTURES);
  if (typeof type !== "string" || !Object.hasOwn(ARCHITECTURES, type))
    throw new MmelError("MODEL_UNSUPPORTED", {
      what: `the text encoder's model_type is ${JSON.stringify(type)}`,
      where,
      expected: supported.map((name) => `"${name}"`).join(" or "),
      hint: "a BERT model such as all-MiniLM-L6-v2 or bert-base-uncased",
    });
  const parsed = ARCHITECTURES[type as TextEncoderConfig["model_type"]].schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new MmelError("MODEL_UNSUPPORTED", {
    what: `the text encoder's configuration does not fit "${type}" (${issuesOf(parsed.error)})`,
    where,
  });
}
