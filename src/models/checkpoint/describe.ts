import { openCheckpoint } from "./open.js";
import { parametersOf } from "../mmel/weights.js";

/** What a checkpoint folder holds, in a few figures. */
export async function describeMmelModel(folder: string): Promise<Readonly<Record<string, string | number>>> {
  const { config, hash } = await openCheckpoint(folder);
  const { encoder, head, input } = config;
  return {
    kind: "mmel",
    name: config.name,
    hash,
    variant: head.variant,
    loss: head.loss,
    entityText: head.entityText,
    headWidth: head.d,
    firstStage:
      config.firstStage === undefined ? "none" : `${config.firstStage.name}@${config.firstStage.hash}`,
    textEncoder: `${encoder.model_type}, ${encoder.num_hidden_layers} layers, width ${encoder.hidden_size}`,
    imageEncoder: config.imageEncoder?.id ?? "none",
    maxTokens: input.maxTokens,
    weights: parametersOf(config).reduce(
      (sum, { shape }) => sum + shape.reduce((size, dim) => size * dim, 1),
      0,
    ),
  };
}
