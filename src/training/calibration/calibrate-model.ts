import { type Caption, type CaptionInput, MmelError } from "../../core/index.js";
import { type PartsOptions, readAnnotated } from "../../linker/index.js";
import { readCalibration, saveCalibration } from "../../models/calibration/index.js";
import { bundledFolder, loadUncalibrated } from "../../models/registry.js";
import { openPictures } from "../../pictures/index.js";
import { type CalibrateOptions, type CalibrationResult, calibrate } from "./calibrate.js";

export interface CalibrateModelOptions
  extends Omit<CalibrateOptions, "model" | "before" | "images">,
    Pick<PartsOptions, "images" | "features" | "onBadPicture"> {
  /** The name of a bundled model, or a model folder. */
  readonly model: string;
  /**
   * The folder for a calibrated copy of the model. Default: the calibration is written to the model's folder. Required
   * for a bundled model.
   */
  readonly output?: string;
}

/**
 * Calibrates the probabilities of a model on captions with gold annotations that it was not trained on, as
 * `mmel calibrate` does. If the model is calibrated already, the result says whether the new calibration is better
 * (`change`); if nothing changes, nothing is written.
 *
 * Throws `USAGE` if the model is bundled and there is no `output`, `CONFIG` if there are too few captions with gold
 * annotations, `CAPTION_INVALID`, `ENCODING` or `OFFSETS` if a caption is invalid, `ABORTED` if the signal fires,
 * `FILE_UNWRITABLE` if the calibration cannot be written, and the errors of opening that `createLinker` describes.
 */
export async function calibrateModel(
  captions: Iterable<CaptionInput> | AsyncIterable<CaptionInput>,
  { model: name, output, images, features, onBadPicture: onBad, ...options }: CalibrateModelOptions,
): Promise<CalibrationResult> {
  if (output === undefined && bundledFolder(name) !== undefined)
    throw new MmelError("USAGE", {
      what: `${name} is a bundled model and cannot be changed`,
      expected: "`output`, a folder for a calibrated copy",
    });
  const annotated: Caption[] = [];
  for await (const caption of readAnnotated(captions)) annotated.push(caption);
  await using own = typeof images === "string" ? await openPictures({ images, features, onBad }) : undefined;
  const pictures = typeof images === "string" ? own : images;
  const { model, folder } = await loadUncalibrated(name, { images: pictures?.open });
  await using _ = model;
  const stored = await readCalibration(folder, model.hash).catch(ifUnusable);
  const before = stored?.fitted;
  const result = await calibrate(annotated, { ...options, model, before, images: pictures });
  if (result.change !== "none") await saveCalibration(result.fitted, folder, output ?? folder);
  return result;
}

/** A calibration that does not fit the model counts as absent. */
function ifUnusable(error: unknown): undefined {
  if (!(error instanceof MmelError)) throw error;
}
