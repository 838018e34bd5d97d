import { createPairEncoder, type TextTokenizer } from "../../encoders/index.js";
import { createCascade, selectionSchema } from "../../models/cascade/index.js";
import type { CheckpointConfig } from "../../models/checkpoint/index.js";
import { createPairReader, createScorer, mmelModel } from "../../models/mmel/index.js";
import type { Model } from "../../models/model.js";
import type { ImageSource } from "../../pictures/index.js";
import type { Engine } from "../../tensor/engine/index.js";

/** The model in training, as it stands in the engine, to be evaluated like any other. Closing it closes nothing. */
export async function trainedModel(
  config: CheckpointConfig,
  tokenizer: TextTokenizer,
  engine: Engine,
  first: Model | undefined,
  images?: ImageSource,
): Promise<Model> {
  const { name, head, input, selection = selectionSchema.parse({}) } = config;
  const reader = createPairReader({ config: head, encoder: createPairEncoder(tokenizer, input), images });
  const scorer = await createScorer({ architecture: config, engine, reader });
  const release = async (): Promise<void> => {};
  if (first === undefined) {
    const kept: Engine = { ...engine, close: release, [Symbol.asyncDispose]: release };
    return mmelModel({ name, hash: "training", config: head, scorer, engine: kept });
  }
  const borrowed: Model = { ...first, close: release, [Symbol.asyncDispose]: release };
  return createCascade({ name, hash: "training", first: borrowed, config: head, scorer, release, selection });
}
