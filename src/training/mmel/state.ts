import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { writeAtomically } from "../../formats/index.js";
import { type NamedTensor, readHeader, readTensors, writeTensors } from "../../formats/safetensors/index.js";
import type { NamedArrays, TrainingState } from "../../tensor/engine/index.js";

/** Where a training stands, apart from the engine's numbers. */
export interface Standing {
  readonly step: number;
  /** Best Top-1 on the dev sample so far, and the step that had it. */
  readonly best?: { readonly top1: number; readonly step: number } | undefined;
  /** Evaluations since then. */
  readonly withoutGain: number;
  /** The step of the latest evaluation. */
  readonly evaluated: number;
  /** Of training. */
  readonly seconds: number;
  /** Smoothed. */
  readonly loss?: number | undefined;
}

/** Before the first step. */
export const BEGINNING: Standing = { step: 0, withoutGain: 0, evaluated: 0, seconds: 0 };

const standingSchema = z.strictObject({
  step: z.int().min(0),
  best: z.strictObject({ top1: z.number(), step: z.int() }).optional(),
  withoutGain: z.int().min(0),
  evaluated: z.int().min(0),
  seconds: z.number().min(0),
  loss: z.number().optional(),
  /** Fingerprint of configuration and data: a run goes on only with those it began with. */
  config: z.string(),
});

const STANDING = "standing.json";
const KINDS = ["weights", "firstMoments", "secondMoments"] as const;

/**
 * Saves everything that goes on from here. The numbers go into a file of their own step first; the small file that
 * names the step is replaced last, so a kill at any moment leaves one whole state or the other.
 */
export async function saveState(
  folder: string,
  state: TrainingState,
  standing: Standing,
  config: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const tensors = KINDS.flatMap((kind): NamedTensor[] =>
    [...state[kind]].map(([name, values]) => ({ name: `${kind}/${name}`, shape: [values.length], values })),
  );
  await writeTensors(join(folder, numbersOf(standing.step)), tensors, "F32");
  await writeAtomically(join(folder, STANDING), [`${JSON.stringify({ ...standing, config })}\n`]);
  const outdated = (await readdir(folder)).filter(
    (name) => name !== STANDING && name !== numbersOf(standing.step),
  );
  for (const name of outdated) await rm(join(folder, name), { force: true });
}

/** Refuses to begin a training where another one is. `RESUME`. */
export async function assertNew(output: string): Promise<void> {
  const found = await readdir(output).catch((): string[] => []);
  const held = ["state", "model", "metrics.jsonl"].find((name) => found.includes(name));
  if (held === undefined) return;
  throw new MmelError("RESUME", {
    what: `the folder holds a training already (${held})`,
    where: output,
    hint: `--resume ${output} to go on with it, or another --output`,
  });
}

/** Reads what `saveState` wrote; undefined when there is nothing to go on with. `RESUME` for another training, `MODEL_DAMAGED`. */
export async function readState(
  folder: string,
  config: string,
): Promise<{ readonly state: TrainingState; readonly standing: Standing } | undefined> {
  const file = join(folder, STANDING);
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const { config: begun, ...standing } = parseStanding(text, file);
  if (begun !== config) {
    throw new MmelError("RESUME", {
      what: "this training was begun with another configuration, other captions or another knowledge base",
      where: folder,
      hint: "those it was begun with, or another --output",
    });
  }
  const values = await readNumbers(join(folder, numbersOf(standing.step)));
  const [weights, firstMoments, secondMoments] = KINDS.map((kind) => partOf(values, `${kind}/`)) as [
    NamedArrays,
    NamedArrays,
    NamedArrays,
  ];
  return { state: { weights, firstMoments, secondMoments, step: standing.step }, standing };
}

function parseStanding(text: string, where: string): z.infer<typeof standingSchema> {
  try {
    return standingSchema.parse(JSON.parse(text));
  } catch (cause) {
    const hint = "the training from its beginning";
    throw new MmelError("MODEL_DAMAGED", {
      what: "the state of the training is damaged",
      where,
      hint,
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

const partOf = (values: NamedArrays, prefix: string): NamedArrays =>
  new Map(
    [...values].flatMap(([name, array]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), array] as const] : [],
    ),
  );

const numbersOf = (step: number): string => `step-${step}.safetensors`;
