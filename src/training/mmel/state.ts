import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { makeFolder } from "../../core/make-folder.js";
import { writeAtomically } from "../../formats/index.js";
import { type NamedTensor, readHeader, readTensors, writeTensors } from "../../formats/safetensors/index.js";
import type { Parts } from "../../linker/index.js";
import type { NamedArrays, TrainingState } from "../../tensor/engine/index.js";
import type { TrainingConfig } from "./config.js";
import type { Example } from "./examples.js";
import { ordersFile } from "./hard-negatives.js";
import type { TrainingImages } from "./start.js";

/** Shares of the mentions of the dev sample whose gold entity is the first, and among the first five candidates. */
export interface DevFigures {
  readonly top1: number;
  readonly top5: number;
}

/** Progress of a training run, without the weights and the optimiser's moments. */
export interface Progress {
  /** Number of steps taken. */
  readonly step: number;
  /** The best evaluation so far by `evaluation.measure`, and its step. */
  readonly best?: (DevFigures & { readonly step: number }) | undefined;
  /** Number of evaluations since the best one. */
  readonly withoutGain: number;
  /** Step of the latest evaluation. */
  readonly evaluated: number;
  /** How many times the network has ordered the negatives. */
  readonly refreshes: number;
  /** Training time so far, in seconds. */
  readonly seconds: number;
  /** Smoothed loss. */
  readonly loss?: number | undefined;
}

/** The progress before the first step. */
export const NO_PROGRESS: Progress = { step: 0, withoutGain: 0, evaluated: 0, refreshes: 0, seconds: 0 };

const progressSchema = z.strictObject({
  step: z.int().min(0),
  best: z.strictObject({ top1: z.number(), top5: z.number(), step: z.int() }).optional(),
  withoutGain: z.int().min(0),
  evaluated: z.int().min(0),
  refreshes: z.int().min(0),
  seconds: z.number().min(0),
  loss: z.number().optional(),
  /** Fingerprint of the configuration and data. A run can be resumed only with the same configuration and data. */
  config: z.string(),
});

const PROGRESS_FILE = "standing.json";
const KINDS = ["weights", "firstMoments", "secondMoments", "averages"] as const;

/**
 * Saves everything needed to resume. The weights and moments are written first, to a file named after the step. The
 * small file with the progress is replaced last, so that a complete state exists even if the process is killed.
 */
export async function saveState(
  folder: string,
  state: TrainingState,
  progress: Progress,
  config: string,
): Promise<void> {
  await makeFolder(folder);
  const tensors = KINDS.flatMap((kind): NamedTensor[] =>
    [...state[kind]].map(([name, values]) => ({ name: `${kind}/${name}`, shape: [values.length], values })),
  );
  await writeTensors(join(folder, numbersFile(progress.step)), tensors, "F32");
  await writeAtomically(join(folder, PROGRESS_FILE), [`${JSON.stringify({ ...progress, config })}\n`]);
  const kept = [PROGRESS_FILE, numbersFile(progress.step), ordersFile(progress.refreshes)];
  const outdated = (await readdir(folder)).filter((name) => !kept.includes(name));
  for (const name of outdated) await rm(join(folder, name), { force: true });
}

/**
 * Reads the state that `saveState` wrote, or returns undefined if there is nothing to resume. Throws `RESUME` if the
 * state belongs to a different training run, `MODEL_NOT_FOUND` if its weights file cannot be opened, and
 * `MODEL_DAMAGED` if it is damaged.
 */
export async function readState(
  folder: string,
  config: string,
): Promise<{ readonly state: TrainingState; readonly progress: Progress } | undefined> {
  const file = join(folder, PROGRESS_FILE);
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const { config: original, ...progress } = parseProgress(text, file);
  if (original !== config) {
    throw new MmelError("RESUME", {
      what: "the training run was started with a different configuration, different captions or a different knowledge base",
      where: folder,
      hint: "Resume it with the original configuration and data, or start a new run without `--resume` and with another `--output`.",
    });
  }
  const values = await readNumbers(join(folder, numbersFile(progress.step)));
  const [weights, firstMoments, secondMoments, averages] = KINDS.map((kind) =>
    withPrefix(values, `${kind}/`),
  ) as [NamedArrays, NamedArrays, NamedArrays, NamedArrays];
  return { state: { weights, firstMoments, secondMoments, averages, step: progress.step }, progress };
}

function parseProgress(text: string, where: string): z.infer<typeof progressSchema> {
  try {
    return progressSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new MmelError("MODEL_DAMAGED", {
      what: "the state of the training run is damaged",
      where,
      hint: "Start a new training run without `--resume` and with another `--output`.",
      cause,
    });
  }
}

async function readNumbers(file: string): Promise<NamedArrays> {
  const stored = await readHeader(file);
  const values = new Map<string, Float32Array>();
  await readTensors(stored, (name) => {
    const into = new Float32Array(stored.get(name)!.shape.reduce((size, dim) => size * dim, 1));
    values.set(name, into);
    return into;
  });
  return values;
}

const withPrefix = (values: NamedArrays, prefix: string): NamedArrays =>
  new Map(
    [...values].flatMap(([name, array]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), array] as const] : [],
    ),
  );

const numbersFile = (step: number): string => `step-${step}.safetensors`;

/** Throws `RESUME` if the folder already contains a training run. */
export async function assertNew(output: string): Promise<void> {
  const found = await readdir(output).catch((): string[] => []);
  const existing = ["state", "model", "metrics.jsonl"].find((name) => found.includes(name));
  if (existing === undefined) return;
  throw new MmelError("RESUME", {
    what: `the folder already contains a training run (${existing})`,
    where: output,
    hint: `Continue it with \`mmel train --resume ${output}\`, or choose another folder with \`--output\`.`,
  });
}

/** Settings that name files, folders or encoders. */
const PLACES = [
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

/** Returns a configuration without the settings that name files, folders or encoders. */
export function settingsOf(config: TrainingConfig): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).filter(([name]) => !PLACES.includes(name)));
}

/**
 * Computes a hash that distinguishes training runs by settings, knowledge base, captions, image encoder and first
 * stage.
 */
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
