import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson } from "../../formats/index.js";
import type { Model } from "../model.js";
import { createCalibration } from "./calibration.js";
import { parseCalibration } from "./fitted.js";

/** Beside a model's own files. */
export const CALIBRATION = "calibration.json";

/** The model with the calibration that lies in its folder, if there is one, which then counts in its hash and takes the place of a
 * floor for NIL. `MODEL_DAMAGED`. */
export async function calibrated<Feature>(model: Model<Feature>, folder: string): Promise<Model<Feature>> {
  const file = join(folder, CALIBRATION);
  if (!existsSync(file)) return model;
  const { measured: _, ...fitted } = parseCalibration(await readJson(file), model.hash, file);
  const hash = createHash("sha256").update(JSON.stringify(fitted)).digest("hex").slice(0, 12);
  return {
    ...model,
    hash,
    calibration: { nameFloor: 0, probabilities: createCalibration(fitted) },
  };
}
