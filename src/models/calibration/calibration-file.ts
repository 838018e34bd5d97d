import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { issuesOf } from "../../formats/safetensors/index.js";
import { EVIDENCE } from "./probabilities.js";

/** A model's calibration as `calibration.json` holds it. */
export const fittedSchema = z.strictObject({
  format: z.literal("mmel-calibration-1"),
  /** Hash of the model whose scores it was fitted to; with any other it means nothing. */
  model: z.string().min(1),
  /** A candidate's share of what is not NIL's: softmax of sharpness × log m + collaborative × what the others added. */
  sharpness: z.number().positive(),
  collaborative: z.number().nonnegative(),
  /** Logit of NIL: the sum of weight × evidence. */
  nil: z.record(z.enum(EVIDENCE), z.number()),
  /** How it was fitted and what it then measured, cross-fitted. Decides nothing. */
  measured: z.record(z.string(), z.json()).optional(),
});

/** A calibration fitted on dev. */
export type FittedCalibration = z.infer<typeof fittedSchema>;

/** Checks a `calibration.json`. `MODEL_DAMAGED`, also when it was fitted to another model than the one of `hash`. */
export function parseCalibration(json: unknown, hash: string, where: string): FittedCalibration {
  const parsed = fittedSchema.safeParse(json);
  if (!parsed.success)
    throw new MmelError("MODEL_DAMAGED", { what: `calibration: ${issuesOf(parsed.error)}`, where });
  if (parsed.data.model === hash) return parsed.data;
  throw new MmelError("MODEL_DAMAGED", {
    what: `the calibration was fitted to model ${parsed.data.model}, and here is ${hash}`,
    where,
    hint: "mmel calibrate, which fits it again, or removing the file",
  });
}
