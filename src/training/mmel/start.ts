import { homedir } from "node:os";
import { join } from "node:path";
import { MmelError } from "../../core/index.js";
import { fetchFromHub, isHubName } from "../../encoders/index.js";
import { type CheckpointContent, openCheckpoint, readWeights } from "../../models/checkpoint/index.js";
import { initialCheckpoint } from "../../models/mmel/index.js";
import type { TrainingConfig } from "./config.js";

/** The model before the first step: a pretrained encoder under a random head, or the checkpoint `init`. */
export async function startingPoint(config: TrainingConfig, init?: string): Promise<CheckpointContent> {
  const { name, head, encoder, encoderLayers, seed, maxTokens, contextShare } = config;
  if (init === undefined) {
    const folder = isHubName(encoder)
      ? await fetchFromHub(encoder, { cache: join(homedir(), ".cache", "mmel") })
      : encoder;
    return initialCheckpoint(folder, {
      name,
      head,
      seed,
      ...(encoderLayers !== undefined && { layers: encoderLayers }),
      input: { maxTokens, contextShare },
    });
  }
  const checkpoint = await openCheckpoint(init);
  const { variant, d } = checkpoint.config.head;
  if (variant !== head.variant || d !== head.d) {
    throw new MmelError("CONFIG", {
      what: `the model to start from is ${variant} of width ${d}, the configuration asks for ${head.variant} of ${head.d}`,
      where: init,
      hint: "a configuration with the same head",
    });
  }
  return {
    config: { ...checkpoint.config, name, head, input: { maxTokens, contextShare } },
    tokenizer: checkpoint.tokenizer.json,
    weights: await readWeights(checkpoint.weights),
  };
}
