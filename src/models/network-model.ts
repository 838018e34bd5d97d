import { createHash } from "node:crypto";
import { withDisposables } from "../core/disposable-stack.js";
import { MmelError } from "../core/index.js";
import type { ImageSource, OpenImages } from "../pictures/index.js";
import { createCascade, selectionSchema } from "./cascade/index.js";
import { type Checkpoint, openCheckpoint } from "./checkpoint/index.js";
import { withImageLikeness } from "./image-likeness/index.js";
import { hashWithLikeness, hasImageLikeness } from "./image-likeness/likeness-files.js";
import { createMmelModel, rankingOf, startScorer } from "./mmel/index.js";
import type { Model } from "./model.js";

/** The first stage of a cascade. */
export interface FirstStage {
  readonly model: Model;
  /** Hash of the model that a network must have been trained on to work on top of this one. */
  readonly base: string;
}

/**
 * Opens a checkpoint folder as a model. The model is a cascade if the network was trained on top of a first stage,
 * which `openFirst` opens; otherwise it is the network alone. Adds the image-similarity model if the folder contains
 * one. Throws the errors of `openCheckpoint`, `openFirst`, `images`, `startScorer` and `withImageLikeness`, and
 * MODEL_DAMAGED if the first stage is not the one that the network was trained on.
 */
export async function openNetworkModel(
  folder: string,
  images: OpenImages | undefined,
  openFirst: () => Promise<FirstStage>,
): Promise<Model> {
  const checkpoint = await openCheckpoint(folder);
  const source = await openSource(checkpoint, images);
  const withLikeness = async (model: Model): Promise<Model> =>
    hasImageLikeness(folder) ? withImageLikeness(model, folder, images) : model;
  const first = checkpoint.config.head.lexicalPrior ? await openFirst() : undefined;
  const model = first
    ? await openCascade(checkpoint, { ...first, model: await withLikeness(first.model) }, source)
    : await withLikeness(await createMmelModel(checkpoint, source));
  return withDisposables(async (opened) => {
    opened.use(model);
    const own = await hashWithLikeness(folder, model.hash);
    return { ...model, hash: first ? hashWithFirst(own, first.model.hash, first.base) : own };
  });
}

/** Returns the hash of a model whose first stage has the hash `first`; `hash` itself if the first stage is the `base`. */
export const hashWithFirst = (hash: string, first: string, base: string): string =>
  first === base ? hash : createHash("sha256").update(`${hash}\n${first}`).digest("hex").slice(0, 16);

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
  { model: first, base }: FirstStage,
  images: { images?: ImageSource },
): Promise<Model> {
  const { config, hash } = checkpoint;
  const { scorer, engine } = await withDisposables(async (opened) => {
    opened.use(first);
    assertTrainedOn(checkpoint, `${first.name}@${base}`);
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
    contextWeight: config.contextWeight,
    ranking: rankingOf({ config: config.head, ranking: config.ranking }),
    ...(first.calibration !== undefined && { calibration: first.calibration }),
  });
}

function assertTrainedOn({ config: { name, firstStage }, folder }: Checkpoint, first: string): void {
  const trained = firstStage === undefined ? "an unknown model" : `${firstStage.name}@${firstStage.hash}`;
  if (trained === first) return;
  throw new MmelError("MODEL_DAMAGED", {
    what: `${name} was trained on top of ${trained}, but the first stage is ${first}`,
    where: folder,
    expected: "the first stage that the model was trained on",
    hint: "Use the release of mmel with which the model was trained, or train the model again with this release.",
  });
}
