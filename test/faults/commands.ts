import { existsSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { MmelError } from "../../src/core/index.js";
import { entityFromWire, entityToWire } from "../../src/formats/index.js";
import { openStore } from "../../src/kb/index.js";
import { openPack } from "../../src/kb/pack/index.js";
import { importKb } from "../../src/linker/index.js";
import { openCheckpoint } from "../../src/models/checkpoint/index.js";
import { loadModel } from "../../src/models/registry.js";
import { openFeatures } from "../../src/pictures/index.js";
import { captionOf, mmel, records, writeRecords } from "../cli/harness.js";
import { manyEntities } from "../kb/entities.js";
import { png, tinyEncoder } from "../pictures/folder.js";
import { NAMESAKES, REVIEWED } from "../training/adapt/namesakes.js";
import { importDemo, tinyJson } from "../training/mmel/workshop.js";
import { type FaultCommand, hashesOf, hashOf, type Place } from "./command.js";

const ENTITIES = manyEntities(1500);
const CAPTIONS = ENTITIES.slice(0, 800).map(({ label }, at) => captionOf(`c${at}`, label));
/** Captions whose mentions have gold entities. */
const GOLD = ENTITIES.slice(0, 24).map(({ id, label }, at) => {
  const { mentions = [], ...caption } = captionOf(`c${at}`, label);
  return { ...caption, mentions: mentions.map((mention) => ({ ...mention, gold: id })) };
});
const PICTURES = 40;

const kbAt = ({ out }: Place): string => join(out, "kb");
const given = (name: string) => (place: Place) => join(place.given, name);
const [kb, entities, changes, captions, config, pack, images] = [
  "kb",
  "entities.jsonl",
  "changes.jsonl",
  "captions.jsonl",
  "config.json",
  "kb.tar.gz",
  "images",
].map(given) as [Of, Of, Of, Of, Of, Of, Of];
type Of = (place: Place) => string;

/** Version of the knowledge base; undefined if there is none. */
async function versionAt(target: string): Promise<string | undefined> {
  try {
    await using store = await openStore(target);
    let count = 0;
    for await (const _ of store.all()) count++;
    if (count !== store.manifest.entities) throw new Error(`${count} of ${store.manifest.entities} entities`);
    return store.manifest.version;
  } catch (error) {
    if (error instanceof MmelError && error.code === "KB_NOT_FOUND") return undefined;
    throw error;
  }
}

/** Checks that a target has one of these versions. */
async function expectVersion(target: string, versions: readonly (string | undefined)[]): Promise<void> {
  const version = await versionAt(target);
  if (!versions.includes(version)) throw new Error(`the knowledge base has version ${version}`);
}

async function baseResult(place: Place): Promise<unknown> {
  const { folder, version } = JSON.parse(await readFile(join(kbAt(place), "manifest.json"), "utf8")) as {
    folder: string;
    version: string;
  };
  return { version, files: await hashesOf(join(kbAt(place), folder)) };
}

const prepareBase = async (folder: string): Promise<void> => {
  await importKb(join(folder, "kb"), ENTITIES, { name: "base" });
};

const writeEntities = (folder: string): Promise<string> =>
  writeRecords(
    join(folder, "entities.jsonl"),
    ENTITIES.map((one) => entityToWire(one)),
  );

const importing = (place: Place, target: string): string[] => [
  "kb",
  "import",
  entities(place),
  "--kb",
  target,
  "--name",
  "base",
];

/** URL of a knowledge base in the database. */
const inDatabase = ({ url }: Place): string => `${url}?kb=base`;

async function linkPrefix(file: string, wholeFile: string): Promise<void> {
  if (!existsSync(file)) return;
  const [text, whole] = [await readFile(file, "utf8"), await readFile(wholeFile, "utf8")];
  if (!whole.startsWith(text)) throw new Error("the links are not the beginning of all links");
}

const modelAt = ({ out }: Place): string => join(out, "model");

/** Checks that the written model, if there is one, is complete. */
async function checkModel(place: Place): Promise<void> {
  if (!existsSync(modelAt(place))) return;
  await using _ = await loadModel(modelAt(place));
  await hashOf(join(modelAt(place), "calibration.json"));
}

const modelResult = (place: Place): Promise<unknown> => hashesOf(modelAt(place));

/** The commands of the campaign. A new command joins by a row. */
export const COMMANDS: readonly FaultCommand[] = [
  {
    name: "import",
    prepare: async (folder) => void (await writeEntities(folder)),
    run: (place) => [importing(place, kbAt(place))],
    check: async (place, whole) => expectVersion(kbAt(place), [undefined, await versionAt(kbAt(whole))]),
    result: baseResult,
  },
  {
    name: "update",
    async prepare(folder) {
      await prepareBase(folder);
      const changed = ENTITIES.slice(100, 400).map((one) => entityToWire({ ...one, aliases: ["changed"] }));
      const added = manyEntities(200).map((one) => entityToWire({ ...one, id: `new-${one.id}` }));
      await writeRecords(join(folder, "changes.jsonl"), [...changed, ...added]);
    },
    before: (place) => cp(kb(place), kbAt(place), { recursive: true }),
    run: (place) => [["kb", "import", changes(place), "--update", "--kb", kbAt(place)]],
    check: async (place, whole) =>
      expectVersion(kbAt(place), [await versionAt(kb(place)), await versionAt(kbAt(whole))]),
    result: baseResult,
  },
  {
    name: "link",
    async prepare(folder) {
      await prepareBase(folder);
      await writeRecords(join(folder, "captions.jsonl"), CAPTIONS);
    },
    run: (place) => [reading("link", place, linksAt(place))],
    again: (place) => [[...reading("link", place, linksAt(place)), "--resume"]],
    check: (place, whole) => linkPrefix(linksAt(place), linksAt(whole)),
    result: (place) => hashOf(linksAt(place)),
  },
  {
    name: "train",
    async prepare(folder) {
      await importDemo(join(folder, "demo"));
      const settings = {
        ...tinyJson(join(folder, "demo")),
        evaluation: { every: 3, sample: 4, candidates: 4 },
      };
      await writeFile(join(folder, "config.json"), JSON.stringify(settings));
    },
    run: (place) => [["train", "--config", config(place), "--output", runAt(place)]],
    again: (place) => [
      ["state", "model", "metrics.jsonl"].some((name) => existsSync(join(runAt(place), name)))
        ? ["train", "--resume", runAt(place)]
        : ["train", "--config", config(place), "--output", runAt(place)],
    ],
    async check(place) {
      if (existsSync(join(runAt(place), "model"))) await openCheckpoint(join(runAt(place), "model"));
    },
    result: async (place) => ({
      model: await hashOf(join(runAt(place), "model", "model.safetensors")),
      state: await hashOf(join(runAt(place), "state", "step-12.safetensors")),
    }),
  },
  {
    name: "calibrate",
    async prepare(folder) {
      await prepareBase(folder);
      await writeRecords(join(folder, "captions.jsonl"), GOLD);
    },
    run: (place) => [
      [...reading("calibrate", place, modelAt(place)), "--hide", "50", "--folds", "2", "--nil-rate", "0.2"],
    ],
    check: checkModel,
    result: modelResult,
  },
  {
    name: "agreement",
    async prepare(folder) {
      await writeRecords(join(folder, "captions.jsonl"), GOLD);
      const others = GOLD.map((caption) => ({
        ...caption,
        mentions: caption.mentions.map((mention) => ({ ...mention, gold: null })),
      }));
      await writeRecords(join(folder, "changes.jsonl"), others);
    },
    run: (place) => [
      ["agreement", captions(place), changes(place), "--output", join(place.out, "differences.jsonl")],
    ],
    async check(place, whole) {
      const file = (at: Place): string => join(at.out, "differences.jsonl");
      if (existsSync(file(place)) && (await hashOf(file(place))) !== (await hashOf(file(whole))))
        throw new Error("the differences are incomplete");
    },
    result: ({ out }) => hashOf(join(out, "differences.jsonl")),
  },
  {
    name: "adapt",
    async prepare(folder) {
      await importKb(join(folder, "kb"), NAMESAKES.map(entityFromWire), { name: "base" });
      await writeRecords(join(folder, "captions.jsonl"), REVIEWED);
    },
    run: (place) => [reading("adapt", place, modelAt(place))],
    check: checkModel,
    result: modelResult,
  },
  {
    name: "features",
    async prepare(folder) {
      await mkdir(join(folder, "images"));
      for (let at = 0; at < PICTURES; at++)
        await writeFile(join(folder, "images", `${at}.png`), await png(60 + at, 80));
    },
    run: (place) => [
      ["features", images(place), "--encoder", resolve(ENCODER), "--output", join(place.out, "vectors")],
    ],
    own: /^vectors\/[^/]+\/[^/]+\.(jsonl|fN)$/, // every process writes files of its own
    check: async () => {}, // every vector has a checksum, and `result` reads all of them
    async result(place) {
      const store = join(place.out, "vectors");
      await using features = await openFeatures({
        images: images(place),
        store,
        encoder: await tinyEncoder(),
      });
      const sums: string[] = [];
      for (let at = 0; at < PICTURES; at++) {
        const { vectors, effort } = await features.picture(`${at}.png`);
        // batches of other sizes change the last digits
        sums.push(
          `${effort} ${vectors.reduce((sum, value, index) => sum + value * (index + 1), 0).toFixed(2)}`,
        );
      }
      return sums;
    },
  },
  {
    name: "pack",
    prepare: prepareBase,
    run: (place) => [["kb", "pack", "--kb", kb(place), "--output", join(place.out, "kb.tar.gz")]],
    async check({ out }) {
      const file = join(out, "kb.tar.gz");
      if (!existsSync(file)) return;
      await using opened = await openPack(file);
      for await (const _ of opened.entities());
    },
    result: ({ out }) => hashOf(join(out, "kb.tar.gz")),
  },
  {
    name: "unpack",
    async prepare(folder) {
      await prepareBase(folder);
      await mmel(["kb", "pack", "--kb", join(folder, "kb"), "--output", join(folder, "kb.tar.gz")]);
    },
    run: (place) => [["kb", "unpack", pack(place), "--kb", kbAt(place)]],
    check: async (place, whole) => expectVersion(kbAt(place), [undefined, await versionAt(kbAt(whole))]),
    result: baseResult,
  },
  {
    name: "import (PostgreSQL)",
    server: true,
    prepare: async (folder) => void (await writeEntities(folder)),
    run: (place) => [importing(place, inDatabase(place))],
    check: async (place, whole) =>
      expectVersion(inDatabase(place), [undefined, await versionAt(inDatabase(whole))]),
    result: (place) => versionAt(inDatabase(place)),
  },
  {
    name: "jobs",
    server: true,
    async prepare(folder) {
      await prepareBase(folder);
      await writeRecords(join(folder, "captions.jsonl"), CAPTIONS);
    },
    run: (place) => [
      ["jobs", "submit", captions(place), "--chunk", "50", "--queue", place.url],
      [...WORKER, "--kb", kb(place), "--queue", place.url],
      ["jobs", "results", "--output", linksAt(place), "--queue", place.url],
    ],
    check: async (place, whole) => {
      const file = linksAt(place);
      if (existsSync(file) && (await records(file)).length < CAPTIONS.length)
        throw new Error("the results are incomplete");
      await linkPrefix(file, linksAt(whole));
    },
    result: (place) => hashOf(linksAt(place)),
  },
];

const ENCODER = "test/encoders/image/fixtures/clip";
const WORKER = ["worker", "--model", "lexical", "--until-empty", "--silence", "2", "--patience", "10"];
const runAt = ({ out }: Place): string => join(out, "run");
const linksAt = ({ out }: Place): string => join(out, "links.jsonl");

/** The arguments of a command that reads the captions and writes to `output`. */
const reading = (command: string, place: Place, output: string): string[] => [
  command,
  captions(place),
  ...["--kb", kb(place), "--model", "lexical", "--output", output],
];
