import { MmelError } from "../../core/index.js";
import { fetchFromHub, isHubName, maxPositions } from "../../encoders/index.js";
import {
  type CheckpointConfig,
  type CheckpointContent,
  initialCheckpoint,
  openCheckpoint,
  readWeights,
} from "../../models/checkpoint/index.js";
import { parametersOf } from "../../models/mmel/index.js";
import { bundledFolder } from "../../models/registry.js";
import type { Weight } from "../../tensor/engine/index.js";
import type { TrainingConfig } from "./config.js";
import type { TrainingImages } from "./images.js";

/** The model before the first step. */
export interface Start extends CheckpointContent {
  /** `NAME@HASH` of the model it goes on from. */
  readonly from?: string;
}

/** A pretrained encoder under a random head, or the checkpoint `init`; with `images` it looks at their vectors. `CONFIG` when the configuration does not fit it. */
export async function startingPoint(given: TrainingConfig, images?: Eyes): Promise<Start> {
  const config = images === undefined ? given : seeing(given, images);
  const start =
    config.init === undefined
      ? await pretrained(config, images)
      : await continued(config, config.init, images);
  const positions = maxPositions(start.config.encoder);
  if (config.maxTokens <= positions) return start;
  throw new MmelError("CONFIG", {
    what: `maxTokens is ${config.maxTokens}`,
    where: config.init ?? config.encoder,
    expected: `at most ${positions}, the positions that this text encoder has`,
  });
}

/** What makes image vectors, and their width. */
type Eyes = Pick<TrainingImages, "encoder" | "width">;

const seeing = ({ head, ...config }: TrainingConfig, { width }: Eyes): TrainingConfig => ({
  ...config,
  head: { ...head, imageWidth: width },
});

async function pretrained(config: TrainingConfig, images: Eyes | undefined): Promise<Start> {
  const { name, head, encoder = "", encoderLayers: layers, seed, maxTokens, contextShare } = config;
  const folder = isHubName(encoder) ? await fetchFromHub(encoder) : encoder;
  const input = { maxTokens, contextShare };
  return initialCheckpoint(folder, {
    name,
    head,
    seed,
    input,
    ...(layers !== undefined && { layers }),
    ...(images && { imageEncoder: images.encoder }),
  });
}

/** What was fitted to the old weights (ranking) is left behind. */
async function continued(
  { name, head, maxTokens, contextShare }: TrainingConfig,
  init: string,
  images: Eyes | undefined,
): Promise<Start> {
  const { config: old, tokenizer, weights, hash } = await openCheckpoint(bundledFolder(init) ?? init);
  const { ranking: _, training: __, firstStage: ___, ...kept } = old;
  const config: CheckpointConfig = {
    ...kept,
    name,
    head,
    input: { maxTokens, contextShare },
    ...(images && { imageEncoder: images.encoder }),
  };
  assertSameWeights(old, config, init);
  assertSameEyes(old, config, init);
  return {
    config,
    tokenizer: tokenizer.json,
    weights: await readWeights(weights),
    from: `${old.name}@${hash}`,
  };
}

function assertSameWeights(old: CheckpointConfig, config: CheckpointConfig, where: string): void {
  const shapes = (of: CheckpointConfig): string[] =>
    parametersOf(of)
      .map(({ name, shape }) => `${name} [${shape.join(", ")}]`)
      .sort();
  const before = new Set(shapes(old));
  const other = shapes(config).find((one) => !before.delete(one)) ?? [...before][0];
  if (other === undefined) return;
  throw new MmelError("CONFIG", {
    what: `the configuration's head does not fit the model to go on from (${other} is not in both)`,
    where,
    expected: `the variant ${old.head.variant} of width ${old.head.d}`,
    hint: "the `head` that stands in the model's config.json",
  });
}

function assertSameEyes(old: CheckpointConfig, { imageEncoder }: CheckpointConfig, where: string): void {
  if (old.imageEncoder === undefined || old.imageEncoder.hash === imageEncoder?.hash) return;
  throw new MmelError("CONFIG", {
    what: `the image encoder ${imageEncoder?.id} is not the one that the model to go on from was trained with`,
    where,
    expected: `${old.imageEncoder.id}@${old.imageEncoder.hash.slice(0, 16)} as \`imageEncoder\``,
  });
}

/** The weights for an engine. */
export function weightsOf(start: CheckpointContent): Weight[] {
  return parametersOf(start.config).map(({ name, shape }) => ({
    name,
    shape,
    source: { kind: "data", data: start.weights.get(name)! },
  }));
}
