import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../../formats/index.js";
import { FILES } from "../checkpoint/files.js";
import type { Model } from "../model.js";
import { createCalibration } from "./calibration.js";
import { type FittedCalibration, parseCalibration } from "./calibration-file.js";

export interface StoredCalibration {
  readonly fitted: FittedCalibration;
  /** Hash of model and calibration together, which links carry. */
  readonly hash: string;
}

/** The calibration that lies in the folder of the model of this hash, if there is one. `MODEL_DAMAGED`. */
export async function readCalibration(folder: string, model: string): Promise<StoredCalibration | undefined> {
  const file = join(folder, FILES.calibration);
  if (!existsSync(file)) return undefined;
  const fitted = parseCalibration(await readJson(file), model, file);
  const { measured: _, ...deciding } = fitted;
  const hash = createHash("sha256").update(JSON.stringify(deciding)).digest("hex").slice(0, 12);
  return { fitted, hash };
}

/** The model with the calibration of its folder, which takes the place of a floor for NIL. `MODEL_DAMAGED`. */
export async function calibrated<Feature>(model: Model<Feature>, folder: string): Promise<Model<Feature>> {
  const stored = await readCalibration(folder, model.hash);
  if (stored === undefined) return model;
  const probabilities = createCalibration(stored.fitted);
  return { ...model, hash: stored.hash, calibration: { nameFloor: 0, probabilities } };
}
