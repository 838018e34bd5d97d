import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { findImageEncoder, openImageEncoder } from "../../../src/encoders/image/index.js";
import { createTokenizer, openPretrained, readJson } from "../../../src/encoders/index.js";
import { readHeader, readTensors } from "../../../src/formats/safetensors/index.js";
import { readCalibration } from "../../../src/models/calibration/index.js";
import { parseCheckpointConfig } from "../../../src/models/checkpoint/index.js";
import { describeModel, loadUncalibrated } from "../../../src/models/registry.js";
import { readTrainingConfig } from "../../../src/training/mmel/index.js";
import { NO_PROGRESS, readState } from "../../../src/training/mmel/state.js";
import type { Files, Reader } from "../reader.js";
import { json } from "../reader.js";
import { REPO } from "./demo.js";

const TINY = join(REPO, "test/reference/encoder");
const LEXICAL = join(REPO, "models/lexical");

async function filesOf(folder: string, names: readonly string[]): Promise<Files> {
  const all = names.map(async (name) => [name, await readFile(join(folder, name))] as const);
  return Object.fromEntries(await Promise.all(all));
}

async function readAllTensors(file: string): Promise<void> {
  const header = await readHeader(file);
  await readTensors(header, (name) => new Float32Array(header.get(name)!.shape.reduce((a, b) => a * b, 1)));
}

/** Files of models and of training runs. */
export const MODEL_READERS: readonly Reader[] = [
  {
    name: "safetensors",
    sample: () => filesOf(TINY, ["model.safetensors"]),
    special: [
      (files, random) => ({
        "model.safetensors": changeHeader(files["model.safetensors"]!, random.below(1000)),
      }),
    ],
    read: (input) => readAllTensors(join(input, "model.safetensors")),
  },
  {
    name: "text encoder",
    sample: () => filesOf(TINY, ["config.json", "tokenizer.json", "model.safetensors"]),
    targets: ["config.json", "tokenizer.json"],
    read: (input) => openPretrained(input),
  },
  {
    name: "tokenizer.json",
    sample: () => filesOf(TINY, ["tokenizer.json"]),
    async read(input) {
      const file = join(input, "tokenizer.json");
      const tokenizer = createTokenizer(await readJson(file), 1000, file);
      tokenizer.encode("Ada Lovelace, 1843 — the first programmer");
    },
  },
  {
    name: "weights.json",
    sample: () => filesOf(LEXICAL, ["weights.json"]),
    read: (input) => loadUncalibrated(input),
  },
  {
    name: "calibration.json",
    sample: () => filesOf(LEXICAL, ["calibration.json"]),
    async read(input) {
      const { model } = JSON.parse(await readFile(join(LEXICAL, "calibration.json"), "utf8")) as {
        model: string;
      };
      await readCalibration(input, model);
    },
  },
  {
    name: "description of a model",
    sample: () => filesOf(LEXICAL, ["weights.json", "calibration.json"]),
    read: (input) => describeModel(input),
    inputs: 10,
  },
  {
    name: "config.json of a network",
    sample: () => filesOf(join(REPO, "models/mmel-mini-en"), ["config.json"]),
    async read(input) {
      const file = join(input, "config.json");
      parseCheckpointConfig(await readJson(file), file);
    },
  },
  {
    name: "image encoder",
    sample: () =>
      filesOf(join(REPO, "test/encoders/image/fixtures/clip"), [
        "config.json",
        "preprocessor_config.json",
        "onnx/model.onnx",
      ]),
    async read(input) {
      await using _ = await openImageEncoder(await findImageEncoder(input));
    },
    inputs: 8,
    seconds: 20,
  },
  {
    name: "configuration of a training run",
    sample: () => ({
      "config.json": json({
        preset: "mini",
        name: "tiny",
        encoder: TINY,
        kb: "kb",
        train: ["captions.jsonl"],
        dev: "captions.jsonl",
        head: { d: 16, heads: 2 },
        negatives: { kind: "candidates", count: 5, pool: 30, top: 2 },
        evaluation: { every: 4, sample: 5, candidates: 4 },
      }),
    }),
    read: (input) => readTrainingConfig(join(input, "config.json")),
  },
  {
    name: "state of a training run",
    sample: async () => ({
      "standing.json": json({ ...NO_PROGRESS, step: 4, evaluated: 4, config: "abc" }),
      "step-4.safetensors": (await filesOf(TINY, ["model.safetensors"]))["model.safetensors"]!,
    }),
    read: (input) => readState(input, "abc"),
  },
];

/** Replaces a number of the header, which keeps its length. */
function changeHeader(bytes: Uint8Array, seed: number): Uint8Array {
  const changed = Buffer.from(bytes);
  const end = 8 + changed.readUInt32LE(0);
  const header = changed.toString("latin1", 8, end);
  const digits = [...header.matchAll(/\d+/g)];
  const found = digits[seed % digits.length]!;
  const put = ["9", "0", "-", "1"][seed % 4]!.repeat(found[0].length);
  changed.write(
    `${header.slice(0, found.index)}${put}${header.slice(found.index + put.length)}`,
    8,
    "latin1",
  );
  return changed;
}
