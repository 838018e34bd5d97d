import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { readJson } from "../../encoders/model-files.js";
import { writeAtomically } from "../../formats/index.js";
import { issuesOf } from "../../formats/safetensors/index.js";
import type { Model } from "../model.js";
import { MODEL_FILES } from "../model-files.js";
import { copyModel, replaceModelFolder } from "../replace-folder.js";
import { EVIDENCE } from "./evidence.js";
import { createCalibration } from "./probabilities.js";

const FORMAT = "mmel-calibration-2";

/** The content of `calibration.json`. See `CalibrationParameters`. */
const schema = z.strictObject({
  format: z.literal(FORMAT),
  /** Hash of the model that the calibration was fitted to. The calibration is valid for this model only. */
  model: z.string().min(1),
  sharpness: z.number().positive(),
  collaborative: z.number().nonnegative(),
  nil: z.record(z.enum(EVIDENCE), z.number()),
  /** The coverage to assume if no coverage is given: the share of mentions whose entity is in the knowledge base. */
  coverage: z.number().positive().max(1),
  /** How the coverage was estimated. Absent if the coverage is the default. Not part of the calibration's hash. */
  estimate: z
    .strictObject({
      kb: z.string(),
      mentions: z.int(),
      interval95: z.tuple([z.number(), z.number()]),
    })
    .optional(),
  /** Settings of the fit and its cross-validated results. Not part of the calibration's hash. */
  measured: z.record(z.string(), z.json()).optional(),
});

/** The content of `calibration.json`: calibration parameters fitted to dev captions. */
export type FittedCalibration = z.infer<typeof schema>;

interface StoredCalibration {
  readonly fitted: FittedCalibration;
  /** Hash of the model and the calibration together. Every link contains it. */
  readonly hash: string;
}

/**
 * Reads the calibration in a model folder. Returns undefined if the folder contains no calibration. `model` is the
 * model's hash. Throws MODEL_DAMAGED if the file is invalid or the calibration was fitted to a model with another hash,
 * and MODEL_UNSUPPORTED if an earlier version of mmel wrote the file.
 */
export async function readCalibration(folder: string, model: string): Promise<StoredCalibration | undefined> {
  const file = join(folder, MODEL_FILES.calibration);
  if (!existsSync(file)) return undefined;
  const fitted = parseCalibration(await readJson(file), model, file);
  const { measured: _, estimate: __, ...hashed } = fitted;
  const hash = createHash("sha256").update(JSON.stringify(hashed)).digest("hex").slice(0, 12);
  return { fitted, hash };
}

function parseCalibration(json: unknown, model: string, where: string): FittedCalibration {
  if ((json as { format?: unknown } | null)?.format === "mmel-calibration-1")
    throw new MmelError("MODEL_UNSUPPORTED", {
      what: "the calibration was written by an earlier version of mmel",
      where,
      expected: `a calibration in the format ${FORMAT}`,
      hint: "Fit the calibration again with `mmel calibrate`, or delete the file.",
    });
  const parsed = schema.safeParse(json);
  if (!parsed.success)
    throw new MmelError("MODEL_DAMAGED", {
      what: `the calibration is invalid (${issuesOf(parsed.error)})`,
      where,
    });
  if (parsed.data.model === model) return parsed.data;
  throw new MmelError("MODEL_DAMAGED", {
    what: `the calibration was fitted to model ${parsed.data.model}, but this model is ${model}`,
    where,
    hint: "Fit the calibration again with `mmel calibrate`, or delete the file.",
  });
}

/**
 * Adds the calibration in a model's folder to the model. The calibration replaces the model's `nameFloor`, the name
 * score below which a mention is NIL. Returns the model unchanged if the folder contains no calibration. Throws the
 * errors of `readCalibration`.
 */
export async function calibrated<Feature>(model: Model<Feature>, folder: string): Promise<Model<Feature>> {
  const stored = await readCalibration(folder, model.hash);
  if (stored === undefined) return model;
  return {
    ...model,
    hash: stored.hash,
    calibration: createCalibration(stored.fitted, stored.fitted.coverage),
  };
}

/**
 * Writes a calibration to the model folder `output`. If `output` is not `folder`, writes a copy of the model in `folder`.
 * A killed process leaves the old state or the new one. Throws the errors of `writeAtomically` and `replaceModelFolder`.
 */
export async function saveCalibration(
  fitted: FittedCalibration,
  folder: string,
  output: string,
): Promise<void> {
  const write = (target: string): Promise<void> =>
    writeAtomically(join(target, MODEL_FILES.calibration), [`${JSON.stringify(fitted, null, 2)}\n`]);
  if (resolve(folder) === resolve(output)) return write(output);
  await replaceModelFolder(output, async (draft) => {
    await copyModel(folder, draft);
    await write(draft);
  });
}
