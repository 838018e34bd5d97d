import type { Caption } from "../../core/index.js";
import { lookUp, openParts, rankAll } from "../../linker/index.js";
import { type CoverageEstimate, estimateCoverage, withCoverage } from "../../models/calibration/index.js";
import type { CalibrateOptions } from "./calibrate.js";

export interface EstimateOptions extends Pick<CalibrateOptions, "kb" | "images" | "candidates" | "signal"> {
  /** The calibrated model. */
  readonly model: CalibrateOptions["model"];
  /** Called after each caption with the number of captions ranked so far. */
  readonly onProgress?: (captions: number) => void;
}

/**
 * Estimates the coverage of the knowledge base from captions: the share of mentions whose entity it contains. Ignores
 * gold annotations. Throws `CONFIG` if there are fewer than 200 mentions or the model is not calibrated, and the
 * errors of `openParts`.
 */
export async function estimateFromCaptions(
  captions: AsyncIterable<Caption>,
  { kb, model, images, candidates = 100, signal, onProgress }: EstimateOptions,
): Promise<CoverageEstimate & { readonly kb: string }> {
  const even = withCoverage(model, 0.5);
  await using parts = await openParts({ kb, model: even, signal, ...(images && { images }) });
  const retrieve = (batch: readonly Caption[]) => lookUp(parts, batch, candidates);
  const options = { pictures: parts.pictures, ...(signal && { signal }) };
  const nil: number[] = [];
  let done = 0;
  for await (const { decisions } of rankAll(captions, retrieve, even, options)) {
    for (const { candidates: links = [] } of decisions)
      nil.push(Math.max(0, 1 - links.reduce((sum, probability) => sum + probability, 0)));
    onProgress?.(++done);
  }
  return { ...estimateCoverage(nil), kb: parts.names.kb };
}
