import type { z } from "zod";
import { maxPositions, openPretrained } from "../../encoders/index.js";
import { readTensors } from "../../formats/safetensors/index.js";
import type { CheckpointConfig } from "./config.js";
import type { CheckpointContent } from "./save.js";
import { mmelConfigSchema } from "../mmel/config.js";
import { initial } from "../mmel/init.js";
import { isEncoder, parametersOf } from "../mmel/weights.js";

export interface InitialOptions {
  readonly name: string;
  /** The head; what is left out has its default. */
  readonly head?: z.input<typeof mmelConfigSchema>;
  readonly seed: number | string;
  /** Keep the text encoder's first layers only. */
  readonly layers?: number;
  readonly input?: Partial<CheckpointConfig["input"]>;
  readonly imageEncoder?: CheckpointConfig["imageEncoder"];
  readonly precision?: CheckpointConfig["precision"];
}

const INPUT = { maxTokens: 128, contextShare: 0.5 };

/** A model before training: a pretrained text encoder's weights under a random head that the seed decides. */
export async function initialCheckpoint(
  encoderFolder: string,
  options: InitialOptions,
): Promise<CheckpointContent> {
  const { name, seed, layers, input, imageEncoder, precision = "F32" } = options;
  const pretrained = await openPretrained(encoderFolder, layers === undefined ? {} : { layers });
  const head = mmelConfigSchema.parse(options.head ?? {});
  const model = { encoder: pretrained.config, head };
  const weights = new Map<string, Float32Array>();
  for (const parameter of parametersOf(model))
    weights.set(
      parameter.name,
      isEncoder(parameter) ? new Float32Array(sizeOf(parameter.shape)) : initial(parameter, seed),
    );
  await readTensors(pretrained.weights, (part) => weights.get(`encoder.${part}`)!);
  const longest = Math.min(INPUT.maxTokens, maxPositions(pretrained.config));
  return {
    config: {
      model_type: "mmel",
      format_version: 1,
      name,
      precision,
      ...model,
      input: { ...INPUT, maxTokens: longest, ...input },
      ...(imageEncoder === undefined ? {} : { imageEncoder }),
    },
    tokenizer: pretrained.tokenizer.json,
    weights,
  };
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, dim) => size * dim, 1);
