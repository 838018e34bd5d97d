import { parametersOf } from "../mmel/index.js";
import { openCheckpoint } from "./open.js";

/** Returns the facts about a checkpoint folder that `mmel models show` prints. */
export async function describeCheckpoint(folder: string): Promise<Readonly<Record<string, string | number>>> {
  const { config, hash } = await openCheckpoint(folder);
  const { encoder, head, input, firstStage, imageEncoder } = config;
  return {
    kind: "mmel",
    name: config.name,
    hash,
    variant: head.variant,
    loss: head.loss,
    entityText: head.entityText,
    headWidth: head.d,
    firstStage: firstStage === undefined ? "none" : `${firstStage.name}@${firstStage.hash}`,
    textEncoder: `${encoder.model_type}, ${encoder.num_hidden_layers} layers, width ${encoder.hidden_size}`,
    imageEncoder: imageEncoder?.id ?? "none",
    maxTokens: input.maxTokens,
    weights: parametersOf(config).reduce(
      (sum, { shape }) => sum + shape.reduce((size, dim) => size * dim, 1),
      0,
    ),
  };
}
