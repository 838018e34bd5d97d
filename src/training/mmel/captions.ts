import { createHash } from "node:crypto";
import { type Caption, createRandom, MmelError, throwIfAborted } from "../../core/index.js";
import { sampleCaptions } from "../../evaluation/index.js";
import { type Rejected, readCaptions } from "../../formats/index.js";
import type { Parts } from "../../linker/index.js";
import type { TrainingConfig } from "./config.js";
import { type Example, trainingExamples } from "./examples.js";
import { priorOf } from "./first-stage.js";
import type { TrainingImages } from "./images.js";
import { withShortNames } from "./short-names.js";

export interface ReadingOptions {
  readonly signal?: AbortSignal;
  /** Takes what is no caption; reading goes on. */
  readonly onRejected?: (rejected: Rejected) => void;
  /** Called with the number of training captions ready so far. */
  readonly onRead?: (captions: number) => void;
  /** Told once of each bad picture; training goes on without it. */
  readonly onBadPicture?: (error: MmelError) => void;
}

/** The training captions with their candidates. `CONFIG` when there is nothing to learn from. */
export async function readExamples(
  config: TrainingConfig,
  parts: Parts,
  options: ReadingOptions,
): Promise<Example[]> {
  const { train, sample, seed, negatives, head, ambiguous, shortNames, imageDropout } = config;
  const random = createRandom(`${seed}/images`);
  const captions = blinded(captionsOf(train, options), () => random.next() < imageDropout);
  const chosen =
    sample === undefined
      ? captions
      : await sampleCaptions(captions, sample, createRandom(`${seed}/captions`));
  const pool = negatives.kind === "candidates" ? negatives.pool : 0;
  const prior = head.lexicalPrior ? { prior: priorOf(parts.model) } : {};
  const examples: Example[] = [];
  for await (const example of trainingExamples(shortNames ? varied(chosen) : chosen, parts, {
    pool,
    ambiguous,
    ...prior,
  })) {
    throwIfAborted(options.signal);
    examples.push(example);
    options.onRead?.(examples.length);
  }
  if (examples.length > 0) return examples;
  throw new MmelError("CONFIG", {
    what: "no training caption has a mention whose gold entity is in the knowledge base, with others to tell it from",
    where: train.join(", "),
    hint: "captions with gold, and the knowledge base they were annotated with",
  });
}

/** Some captions lose their picture. */
async function* blinded(captions: AsyncIterable<Caption>, drop: () => boolean): AsyncGenerator<Caption> {
  for await (const caption of captions) {
    const { image, ...rest } = caption;
    yield image !== undefined && drop() ? rest : caption;
  }
}

/** Each caption, and once more with short names if it has long ones. */
async function* varied(captions: Iterable<Caption> | AsyncIterable<Caption>): AsyncGenerator<Caption> {
  for await (const caption of captions) {
    yield caption;
    const short = withShortNames(caption);
    if (short !== undefined) yield short;
  }
}

/** The dev captions of every evaluation. `CONFIG` when none has gold. */
export async function readDev(config: TrainingConfig, options: ReadingOptions): Promise<readonly Caption[]> {
  const { dev, evaluation, seed } = config;
  const sampled = await sampleCaptions(
    annotated(captionsOf([dev], options)),
    evaluation.sample,
    createRandom(`${seed}/dev`),
  );
  if (sampled.length > 0) return sampled;
  throw new MmelError("CONFIG", {
    what: "no dev caption has a mention with a gold entity, so no checkpoint can be chosen",
    where: dev,
    hint: "captions with gold that are not trained on",
  });
}

async function* annotated(captions: AsyncIterable<Caption>): AsyncGenerator<Caption> {
  for await (const caption of captions)
    if (caption.mentions.some(({ gold }) => gold?.kind === "entity")) yield caption;
}

async function* captionsOf(
  files: readonly string[],
  { signal, onRejected }: ReadingOptions,
): AsyncGenerator<Caption> {
  for (const file of files)
    for await (const read of readCaptions(file, signal === undefined ? {} : { signal })) {
      if (read.kind === "record") yield read.value;
      else onRejected?.(read);
    }
}

/** The settings without the places on this machine. */
export function settingsOf(config: TrainingConfig): Record<string, unknown> {
  const places = [
    "kb",
    "train",
    "dev",
    "output",
    "encoder",
    "init",
    "images",
    "features",
    "imageEncoder",
    "sight",
  ];
  return Object.fromEntries(Object.entries(config).filter(([name]) => !places.includes(name)));
}

/** Tells apart trainings that differ in settings, knowledge base, captions, image encoder or the model they build on. */
export function fingerprint(
  config: TrainingConfig,
  { names }: Pick<Parts, "names">,
  examples: readonly Example[],
  images?: Pick<TrainingImages, "encoder">,
): string {
  const base = config.head.lexicalPrior ? names : { kb: names.kb };
  const hash = createHash("sha256").update(JSON.stringify([settingsOf(config), base]));
  if (images !== undefined)
    hash.update(JSON.stringify([images.encoder.hash, examples.map(({ caption }) => caption.image ?? null)]));
  for (const { caption, mentions } of examples)
    hash.update(
      JSON.stringify([caption.id, caption.text, mentions.map(({ at, gold }) => [at, gold.entity.id])]),
    );
  return hash.digest("hex").slice(0, 16);
}
