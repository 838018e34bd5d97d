import { withDisposables } from "../core/disposable-stack.js";
import { MmelError } from "../core/index.js";
import type { ImageSource, OpenImages } from "../pictures/index.js";
import { createCascade, selectionSchema } from "./cascade/index.js";
import { type Checkpoint, openCheckpoint } from "./checkpoint/index.js";
import { withImageLikeness } from "./image-likeness/index.js";
import { hashWithLikeness, hasImageLikeness } from "./image-likeness/likeness-files.js";
import { createMmelModel, rankingOf, startScorer } from "./mmel/index.js";
import type { Model } from "./model.js";

/**
 * Opens a checkpoint folder as a model. The model is a cascade if the network was trained on top of a first stage,
 * which `openFirst` opens; otherwise it is the network alone. Adds the image-similarity model if the folder contains
 * one. Throws the errors of `openCheckpoint`, `openFirst`, `images`, `startScorer` and `withImageLikeness`, and
 * MODEL_DAMAGED if the first stage is not the one that the network was trained on.
 */
export async function openNetworkModel(
  folder: string,
  images: OpenImages | undefined,
  openFirst: () => Promise<Model>,
): Promise<Model> {
  const checkpoint = await openCheckpoint(folder);
  const source = await openSource(checkpoint, images);
  const withLikeness = async (model: Model): Promise<Model> =>
    hasImageLikeness(folder) ? withImageLikeness(model, folder, images) : model;
  const model = checkpoint.config.head.lexicalPrior
    ? await openCascade(checkpoint, await withLikeness(await openFirst()), source)
    : await withLikeness(await createMmelModel(checkpoint, source));
  return withDisposables(async (opened) => {
    opened.use(model);
    return { ...model, hash: await hashWithLikeness(folder, model.hash) };
  });
}

/**
 * Opens the image vectors for a checkpoint. They come from the image encoder that the checkpoint was trained with.
 * Returns an empty object if the checkpoint was trained without pictures or `images` is undefined.
 */
async function openSource(
  { config: { imageEncoder: encoder, head } }: Checkpoint,
  images: OpenImages | undefined,
): Promise<{ images?: ImageSource }> {
  if (encoder === undefined || images === undefined) return {};
  return { images: await images({ encoder, views: head.imageViews }) };
}

/**
 * Opens a cascade. Closing the cascade closes the first stage. If opening the cascade fails, the first stage is closed
 * immediately. The first stage's NIL floor applies to the cascade.
 */
async function openCascade(
  checkpoint: Checkpoint,
  first: Model,
  images: { images?: ImageSource },
): Promise<Model> {
  const { config, hash } = checkpoint;
  const { scorer, engine } = await withDisposables(async (opened) => {
    opened.use(first);
    assertTrainedOn(checkpoint, first);
    return startScorer(checkpoint, images);
  });
  return createCascade({
    name: config.name,
    hash,
    first,
    config: config.head,
    scorer,
    release: () => engine.close(),
    selection: config.selection ?? selectionSchema.parse({}),
    ranking: rankingOf({ config: config.head, ranking: config.ranking }),
    ...(first.calibration !== undefined && { calibration: first.calibration }),
  });
}

function assertTrainedOn({ config: { name, firstStage }, folder }: Checkpoint, first: Model): void {
  if (firstStage?.hash === first.hash) return;
  const trained = firstStage === undefined ? "an unknown model" : `${firstStage.name}@${firstStage.hash}`;
  throw new MmelError("MODEL_DAMAGED", {
    what: `${name} was trained on top of ${trained}, but the first stage is ${first.name}@${first.hash}`,
    where: folder,
    expected: "the first stage that the model was trained on",
    hint: "Use the release of mmel with which the model was trained, or train the model again with this release.",
  });
}
