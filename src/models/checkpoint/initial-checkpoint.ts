import type { z } from "zod";
import { maxPositions, openPretrained } from "../../encoders/index.js";
import { initialWeights, mmelConfigSchema } from "../mmel/index.js";
import type { CheckpointConfig } from "./checkpoint-config.js";
import type { CheckpointContent } from "./save-checkpoint.js";

export interface InitialOptions {
  readonly name: string;
  /** Configuration of the head. Missing fields get their default values. */
  readonly head?: z.input<typeof mmelConfigSchema>;
  readonly seed: number | string;
  /** Number of layers of the text encoder to keep, counted from the first; default: all. */
  readonly layers?: number;
  readonly input?: Partial<CheckpointConfig["input"]>;
  readonly imageEncoder?: CheckpointConfig["imageEncoder"];
  readonly precision?: CheckpointConfig["precision"];
}

const INPUT = { maxTokens: 128, contextShare: 0.5 };

/**
 * Creates an untrained model from a pretrained text encoder and a randomly initialised head. The seed determines the
 * head. Throws the errors of `openPretrained` if the text encoder cannot be loaded from its folder.
 */
export async function initialCheckpoint(
  encoderFolder: string,
  options: InitialOptions,
): Promise<CheckpointContent> {
  const { name, seed, layers, input, imageEncoder, precision = "F32" } = options;
  const pretrained = await openPretrained(encoderFolder, layers === undefined ? {} : { layers });
  const model = { encoder: pretrained.config, head: mmelConfigSchema.parse(options.head ?? {}) };
  const maxTokens = Math.min(INPUT.maxTokens, maxPositions(pretrained.config));
  return {
    config: {
      model_type: "mmel",
      format_version: 1,
      name,
      precision,
      ...model,
      input: { ...INPUT, maxTokens, ...input },
      ...(imageEncoder === undefined ? {} : { imageEncoder }),
    },
    tokenizer: pretrained.tokenizer.json,
    weights: await initialWeights(model, pretrained.weights, seed),
  };
}
