/**
 * Runs the paper's ablation on the pictograph benchmark and measures the effect of wrong and missing pictures:
 * npx tsx experiments/pictographs/ablation.ts [RESULTS.json]
 * Skips rows that are already in the results file. The settings are in this file and in config.json.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Caption } from "../../src/core/index.js";
import { findImageEncoder } from "../../src/encoders/image/index.js";
import { type EvaluateOptions, evaluate, metrics } from "../../src/evaluation/index.js";
import { readCaptions, writeAtomically } from "../../src/formats/index.js";
import {
  createImageLikenessModel,
  createProjector,
  type ImageLikeness,
  withImageLikeness,
} from "../../src/models/image-likeness/index.js";
import type { Model } from "../../src/models/model.js";
import { loadModel } from "../../src/models/registry.js";
import { openPictures } from "../../src/pictures/index.js";
import { readTrainingConfig, train } from "../../src/training/mmel/index.js";
import type { Row } from "./row.js";

const HERE = import.meta.dirname;
const RUNS = join(HERE, "../../runs");
const DATA = join(RUNS, "pictographs");
const output = process.argv[2] ?? join(HERE, "results.json");

/** Variants to train. The main variants are trained with three seeds, all other variants with one. */
const TRAINED: readonly [variant: string, seeds: readonly number[]][] = [
  ["MMEL", [1, 2, 3]],
  ["MMEL-onlytext", [1, 2, 3]],
  ["-JL_t", [1, 2, 3]],
  ["-PT&CR", [1, 2, 3]],
  ["MMEL-k1", [1]],
  ["MMEL-M-Encoder", [1]],
  ["-JL_v", [1]],
  ["-JL", [1]],
];
/**
 * Sample size for evaluating a model that was trained in this experiment: this many test captions, whose pictures are by
 * held-out artists, and this many training captions. All other models are evaluated on all test captions.
 */
const REPORTED = 300;

const rows: Row[] = existsSync(output) ? JSON.parse(await readFile(output, "utf8")) : [];
const kept = await allOf(join(DATA, "test.jsonl"));
/** Training data: the first 1,600 training captions (which are in random order). */
const LEARNT = join(RUNS, "ablation/train.jsonl");
/** Training data for memorising: the first 300 training captions. */
const FEW = join(RUNS, "ablation/few.jsonl");
await mkdir(join(RUNS, "ablation"), { recursive: true });
await keepFirst(1600, LEARNT);
await keepFirst(300, FEW);

const { id, hash } = await findImageEncoder("efficientnet-lite0");
const need = { encoder: { id, hash }, views: 6 };
await using pictures = await openPictures({ images: join(DATA, "images"), features: join(RUNS, "vectors") });
const images = await pictures.open(need);

/** Parameters of a baseline that uses only the cosine of the unwhitened image vectors. */
const NEAREST: ImageLikeness = {
  config: {
    format: "mmel-sight-1",
    ...need,
    width: await pictures.width(need),
    scale: 1000,
    text: 0,
    missing: -1,
    bias: [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ],
  },
  mean: new Float32Array(1280),
  whitening: Float32Array.from({ length: 1280 * 1280 }, (_, at) => Number(at % 1281 === 0)),
};

async function keepFirst(count: number, file: string): Promise<void> {
  const lines = (await readFile(join(DATA, "train.jsonl"), "utf8")).split("\n").slice(0, count);
  await writeAtomically(file, [`${lines.join("\n")}\n`]);
}

async function allOf(file: string): Promise<Caption[]> {
  const all: Caption[] = [];
  for await (const read of readCaptions(file)) if (read.kind === "record") all.push(read.value);
  return all;
}

type Condition = "own" | "none" | "swapped" | "entities without";

async function measure(
  name: string,
  model: Model,
  condition: Condition,
  more: Partial<Row> = {},
  sample?: number,
  captions: readonly Caption[] = kept,
): Promise<void> {
  const artists = captions === kept ? "kept" : "learnt";
  const isSame = (row: Row): boolean =>
    row.name === name && row.pictures === condition && row.seed === more.seed && row.artists === artists;
  if (rows.some(isSame)) return;
  const options: EvaluateOptions = {
    kb: join(RUNS, "pictographs-kb"),
    model,
    images: pictures,
    ...(sample !== undefined && { sample }),
    seed: 1,
    ...(condition === "entities without" ? { entityPictures: "none" } : { pictures: condition }),
  };
  const { result, records } = await evaluate(captions, options);
  const kinds = ["emoji", "flag", "logo"].map((kind) => {
    const ofKind = records.filter(({ caption }) => caption.id.startsWith(kind));
    return [kind, metrics(ofKind).all.top1 ?? 0] as const;
  });
  rows.push({
    name,
    ...more,
    pictures: condition,
    artists,
    mentions: result.mentions,
    top1: result.all.top1!,
    interval95: result.all.interval95.top1!,
    single: result.single.top1!,
    multi: result.multi.top1!,
    kinds: Object.fromEntries(kinds),
  });
  await writeAtomically(output, [`${JSON.stringify(rows, null, 1)}\n`]);
  console.log(JSON.stringify(rows.at(-1)));
}

async function baselines(): Promise<void> {
  const lexical = await loadModel("lexical");
  await measure("lexical", lexical, "own");
  const near = { text: lexical, likeness: NEAREST, images, projector: await createProjector(NEAREST) };
  await measure("nearest image vector", createImageLikenessModel(near), "own");
  const folder = join(HERE, "../../models/mmel-mini-en");
  await measure("lexical and image likeness", await withImageLikeness(lexical, folder, pictures.open), "own");
  const whole = await loadModel("mmel-mini-en", { images: pictures.open });
  for (const condition of ["own", "none", "swapped", "entities without"] as const)
    await measure("mmel-mini-en", whole, condition);
}

/** Trains `variant` unless its model exists, and evaluates it. With `few`, trains it for 16 epochs on 300 captions. */
async function trained(variant: string, seed: number, few = false): Promise<void> {
  const name = few ? `${variant}, 300 captions memorised` : variant;
  const base = await readTrainingConfig(join(HERE, "config.json"));
  const head = { ...base.head, variant: variant as typeof base.head.variant };
  const more = few ? { train: [FEW], epochs: 16 } : { train: [LEARNT] };
  const folder = join(RUNS, "ablation", `${name.replace(/\W+/g, "_")}-${seed}`);
  const done = existsSync(join(folder, "model"));
  const { model, seconds } = done
    ? { model: join(folder, "model"), seconds: undefined }
    : await rm(folder, { recursive: true, force: true }).then(() =>
        train({ ...base, ...more, head, seed }, { output: folder }),
      );
  await using opened = await loadModel(model, { images: pictures.open });
  const cost = seconds === undefined ? {} : { trainingSeconds: Math.round(seconds) };
  await measure(name, opened, "own", { seed, ...cost }, REPORTED);
  if (seed !== 1) return;
  await measure(name, opened, "own", { seed }, REPORTED, await allOf(few ? FEW : LEARNT));
  if (name !== "MMEL") return;
  for (const condition of ["none", "swapped", "entities without"] as const)
    await measure(name, opened, condition, { seed }, REPORTED);
}

await baselines();
for (const variant of ["MMEL", "MMEL-onlytext"]) await trained(variant, 1, true);
for (const seed of [1, 2, 3])
  for (const [variant, seeds] of TRAINED) if (seeds.includes(seed)) await trained(variant, seed);
