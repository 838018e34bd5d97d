import { cp, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { writeAtomically } from "../../formats/index.js";
import { FILES } from "../checkpoint/files.js";
import type { FittedCalibration } from "./calibration-file.js";

/** Puts a calibration beside the files of its model: those in `folder`, or a copy of them in `output`. `FILE_UNWRITABLE`. */
export async function saveCalibration(
  fitted: FittedCalibration,
  folder: string,
  output: string,
): Promise<void> {
  if (resolve(folder) !== resolve(output)) {
    await mkdir(output, { recursive: true });
    await cp(folder, output, { recursive: true });
  }
  await writeAtomically(join(output, FILES.calibration), [`${JSON.stringify(fitted, null, 2)}\n`]);
}
