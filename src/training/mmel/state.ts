import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { writeAtomically } from "../../formats/index.js";
import { type NamedTensor, readHeader, readTensors, writeTensors } from "../../formats/safetensors/index.js";
import type { Parts } from "../../linker/index.js";
import type { NamedArrays, TrainingState } from "../../tensor/engine/index.js";
import type { TrainingConfig } from "./config.js";
import type { Example } from "./examples.js";
import type { TrainingImages } from "./start.js";

/** The progress of a training, without the engine's numbers. */
export interface Progress {
  /** Steps taken. */
  readonly step: number;
  /** Best Top-1 on the dev sample so far, and its step. */
  readonly best?: { readonly top1: number; readonly step: number } | undefined;
  /** Number of evaluations since then. */
  readonly withoutGain: number;
  /** Step of the latest evaluation. */
  readonly evaluated: number;
  /** Seconds of training. */
  readonly seconds: number;
  /** Smoothed loss. */
  readonly loss?: number | undefined;
}

/** The progress before the first step. */
export const NO_PROGRESS: Progress = { step: 0, withoutGain: 0, evaluated: 0, seconds: 0 };

const progressSchema = z.strictObject({
  step: z.int().min(0),
  best: z.strictObject({ top1: z.number(), step: z.int() }).optional(),
  withoutGain: z.int().min(0),
  evaluated: z.int().min(0),
  seconds: z.number().min(0),
  loss: z.number().optional(),
  /** Fingerprint of configuration and data; a run resumes only with those it started with. */
  config: z.string(),
});

const PROGRESS_FILE = "standing.json";
const KINDS = ["weights", "firstMoments", "secondMoments"] as const;

/**
 * Saves everything needed to resume. The numbers are written first, to a file named after their step; the small file
 * with the step is replaced last, so that one complete state exists if the process is killed at any moment.
 */
export async function saveState(
  folder: string,
  state: TrainingState,
  progress: Progress,
  config: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tensors = KINDS.flatMap((kind): NamedTensor[] =>
    [...state[kind]].map(([name, values]) => ({ name: `${kind}/${name}`, shape: [values.length], values })),
  );
  await writeTensors(join(folder, numbersFile(progress.step)), tensors, "F32");
  await writeAtomically(join(folder, PROGRESS_FILE), [`${JSON.stringify({ ...progress, config })}\n`]);
  const outdated = (await readdir(folder)).filter(
    (name) => name !== PROGRESS_FILE && name !== numbersFile(progress.step),
  );
  for (const name of outdated) await rm(join(folder, name), { force: true });
}

/**
 * Reads what `saveState` wrote, or returns undefined if there is nothing to resume. Throws `RESUME` if it belongs to
 * another training, `MODEL_DAMAGED`.
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
      what: "this training was started with another configuration, other captions or another knowledge base",
      where: folder,
      hint: "Resume it with those it was started with, or use another `--output`.",
    });
  }
  const values = await readNumbers(join(folder, numbersFile(progress.step)));
  const [weights, firstMoments, secondMoments] = KINDS.map((kind) => withPrefix(values, `${kind}/`)) as [
    NamedArrays,
    NamedArrays,
    NamedArrays,
  ];
  return { state: { weights, firstMoments, secondMoments, step: progress.step }, progress };
}

function parseProgress(text: string, where: string): z.infer<typeof progressSchema> {
  try {
    return progressSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new MmelError("MODEL_DAMAGED", {
      what: "the state of the training is damaged",
      where,
      hint: "Start the training again.",
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

/** Throws `RESUME` if the folder already contains a training. */
export async function assertNew(output: string): Promise<void> {
  const found = await readdir(output).catch((): string[] => []);
  const existing = ["state", "model", "metrics.jsonl"].find((name) => found.includes(name));
  if (existing === undefined) return;
  throw new MmelError("RESUME", {
    what: `the folder already contains a training (${existing})`,
    where: output,
    hint: `Continue it with \`--resume ${output}\`, or use another \`--output\`.`,
  });
}

/**
 * Cleans up after a process that was killed while it replaced the checkpoint: removes drafts, and restores the old
 * checkpoint if it was moved away and not yet replaced.
 */
export async function clearLeftovers(output: string): Promise<void> {
  const names = await readdir(output);
  const drafts = names.filter((name) => /^\.model\.\d+\.tmp(\.old)?$/.test(name));
  const old = drafts.find((name) => name.endsWith(".old"));
  if (old !== undefined && !names.includes("model")) await rename(join(output, old), join(output, "model"));
  for (const name of drafts) await rm(join(output, name), { recursive: true, force: true });
}

/** Settings that are places on this machine. */
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

/** Returns the settings of a configuration without the places on this machine. */
export function settingsOf(config: TrainingConfig): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).filter(([name]) => !PLACES.includes(name)));
}

/** Hash of what distinguishes trainings: settings, knowledge base, captions, image encoder, and the first stage. */
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
