import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import type { TrainingState } from "../../engine/index.js";
import { writeAtomically } from "../../formats/index.js";
import { type NamedTensor, readHeader, readTensors, writeTensors } from "../../formats/safetensors/index.js";

/** Where a training stands, apart from the engine's numbers. */
export interface Standing {
  readonly step: number;
  /** Best Top-1 on the dev sample so far, and the step that had it. */
  readonly best?: { readonly top1: number; readonly step: number } | undefined;
  /** Evaluations since then. */
  readonly withoutGain: number;
}

const standingSchema = z.strictObject({
  step: z.int().min(0),
  best: z.strictObject({ top1: z.number(), step: z.int() }).optional(),
  withoutGain: z.int().min(0),
  /** Fingerprint of the configuration: a run goes on only with the one it began with. */
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

/** Reads what `saveState` wrote; undefined when there is nothing to go on with. `RESUME` for another configuration. */
export async function readState(
  folder: string,
  config: string,
): Promise<{ readonly state: TrainingState; readonly standing: Standing } | undefined> {
  const text = await readFile(join(folder, STANDING), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const { config: begun, ...standing } = standingSchema.parse(JSON.parse(text));
  if (begun !== config) {
    throw new MmelError("RESUME", {
      what: "this training was begun with another configuration",
      where: folder,
      hint: "the configuration in the output folder, or another --output",
    });
  }
  const stored = await readHeader(join(folder, numbersOf(standing.step)));
  const values = new Map<string, Float32Array>();
  await readTensors(stored, (name) => {
    const into = new Float32Array(stored.get(name)!.shape.reduce((size, dim) => size * dim, 1));
    values.set(name, into);
    return into;
  });
  const [weights, firstMoments, secondMoments] = KINDS.map(
    (kind) =>
      new Map(
        [...values].flatMap(([name, array]) =>
          name.startsWith(`${kind}/`) ? [[name.slice(kind.length + 1), array] as const] : [],
        ),
      ),
  );
  const state = {
    weights: weights!,
    firstMoments: firstMoments!,
    secondMoments: secondMoments!,
    step: standing.step,
  };
  return { state, standing };
}

const numbersOf = (step: number): string => `step-${step}.safetensors`;
