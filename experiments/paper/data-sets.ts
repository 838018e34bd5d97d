import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Caption, createRandom, type Entity } from "../../src/core/index.js";
import { DATASETS, divided } from "../../src/datasets/index.js";
import { readCaptions, readEntities } from "../../src/formats/index.js";
import type { Modality } from "./rows.js";

const ROOT = join(import.meta.dirname, "../..");
const SHARED = process.env.MMEL_SHARED ?? join(ROOT, "../shared");

/** A data set with its splits. `dev` chooses checkpoints; results are reported on `test`. */
export interface Splits {
  readonly entities: readonly Entity[];
  readonly train: readonly Caption[];
  readonly dev: readonly Caption[];
  readonly test: readonly Caption[];
}

export interface DataSet {
  /** The name in the tables. */
  readonly title: string;
  readonly modality: Modality;
  /** The folder without which the data set is not there. */
  readonly folder: string;
  /** Where to get it. */
  readonly hint: string;
  /** The folder of pictures. */
  readonly images?: string;
  /** Whether the base has relations between people, so that there are captions in which only the companion decides. */
  readonly hasCompanions: boolean;
  /** What the splits are. */
  readonly splits: string;
  readonly read: () => Promise<Splits>;
}

const WIKIMEL = join(SHARED, "data/wikimel");
const RICHPEDIA = join(SHARED, "data/richpedia");
const PICTOGRAPHS = join(ROOT, "runs/pictographs");
const DEMO = join(ROOT, "demo");

/** Values of `--data`. */
export const DATA_SETS = {
  wikimel: {
    title: "Wikidata-MEL",
    modality: "T",
    folder: WIKIMEL,
    hint: "Put the published files of Wikidata-MEL into this folder.",
    hasCompanions: true,
    splits:
      "the published training captions; 500 of them, drawn with a seed and left out of training, choose the checkpoint; results are for the published dev captions",
    async read() {
      const train = await all(DATASETS.wikimel.captions(WIKIMEL, "train"));
      const kept = new Set(
        createRandom("paper/wikimel")
          .shuffle([...train.keys()])
          .slice(0, 500),
      );
      return {
        entities: await all(DATASETS.wikimel.entities(WIKIMEL)),
        train: train.filter((_, index) => !kept.has(index)),
        dev: train.filter((_, index) => kept.has(index)),
        test: await all(DATASETS.wikimel.captions(WIKIMEL, "dev")),
      };
    },
  },
  richpedia: {
    title: "Richpedia-MEL",
    modality: "T",
    folder: RICHPEDIA,
    hint: "Put the published files of Richpedia-MEL into this folder.",
    hasCompanions: true,
    splits: "the published training captions, divided with a seed into train, dev and test (70, 10 and 20 %)",
    async read() {
      const split = (name: string): Promise<Caption[]> =>
        all(divided(DATASETS.richpedia.captions(RICHPEDIA, "train"), name, 1, RICHPEDIA));
      return {
        entities: await all(DATASETS.richpedia.entities(RICHPEDIA)),
        ...{ train: await split("train"), dev: await split("dev"), test: await split("test") },
      };
    },
  },
  pictographs: {
    title: "pictographs",
    modality: "T + V",
    folder: PICTOGRAPHS,
    hint: "Run `npx tsx bench/pictographs/build.ts --packages ICONS --output runs/pictographs`.",
    images: join(PICTOGRAPHS, "images"),
    hasCompanions: false,
    splits: "those of the benchmark: no picture by an artist of the test captions is in another split",
    read: () => splitsIn(PICTOGRAPHS),
  },
  demo: {
    title: "the demo",
    modality: "T",
    folder: DEMO,
    hint: "The demo is part of the checkout.",
    hasCompanions: true,
    splits: "the same captions for everything: only to try the command",
    async read() {
      const captions = await captionsIn(join(DEMO, "captions.jsonl"));
      const entities = await entitiesIn(join(DEMO, "entities.jsonl"));
      return { entities, train: captions, dev: captions, test: captions };
    },
  },
} as const satisfies Readonly<Record<string, DataSet>>;

export type DataName = keyof typeof DATA_SETS;
/** Returns a data set by its name. */
export const dataSet = (name: DataName): DataSet => DATA_SETS[name];

/** Returns whether the files of a data set are there. */
export const isThere = (name: DataName): boolean => existsSync(DATA_SETS[name].folder);

async function splitsIn(folder: string): Promise<Splits> {
  const split = (name: string): Promise<Caption[]> => captionsIn(join(folder, `${name}.jsonl`));
  const entities = await entitiesIn(join(folder, "kb.jsonl"));
  return { entities, train: await split("train"), dev: await split("dev"), test: await split("test") };
}

/** Reads a file of captions. Throws the error of the first invalid line. */
export async function captionsIn(file: string): Promise<Caption[]> {
  const captions: Caption[] = [];
  for await (const read of readCaptions(file)) {
    if (read.kind === "rejected") throw read.error;
    captions.push(read.value);
  }
  return captions;
}

/** Reads a file of entities. Throws the error of the first invalid line. */
export async function entitiesIn(file: string): Promise<Entity[]> {
  const entities: Entity[] = [];
  for await (const read of readEntities(file)) {
    if (read.kind === "rejected") throw read.error;
    entities.push(read.value);
  }
  return entities;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = [];
  for await (const item of items) gathered.push(item);
  return gathered;
}
