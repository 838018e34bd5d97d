import { type Caption, MmelError } from "../../core/index.js";
import { openParts, type Parts } from "../../linker/index.js";
import type { FittedCalibration } from "../../models/calibration/index.js";
import type { Model } from "../../models/model.js";
import type { Pictures } from "../../pictures/index.js";
import { crossFit, type SettingFigures } from "./cross-fit.js";
import { fitCalibration } from "./fit-calibration.js";
import { type Observed, observe, withHidden } from "./observe.js";

export interface CalibrateOptions {
  readonly kb: string;
  /** Without a calibration of its own. */
  readonly model: Model;
  /** What the model was opened with, if it looks at pictures. */
  readonly images?: Pictures | undefined;
  readonly candidates?: number;
  /** Share of the entities that are hidden to make NIL mentions (0.2). */
  readonly hide?: number;
  /** 5. */
  readonly folds?: number;
  /** Of what is hidden and of the folds (1). */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Called with the number of captions done of both passes. */
  readonly onProgress?: (captions: number) => void;
}

export interface CalibrationResult {
  /** Fitted to all captions. */
  readonly fitted: FittedCalibration;
  /** Cross-fitted figures, with every entity there and with the share hidden. */
  readonly figures: Readonly<Record<"full" | "hidden", SettingFigures>>;
}

/**
 * Fits probabilities of candidates and of NIL to captions with gold, once with the knowledge base as it is and once with a
 * share of its entities hidden. `CONFIG` when there are too few captions; errors as `createLinker`.
 */
export async function calibrate(
  captions: readonly Caption[],
  {
    kb,
    model,
    images,
    hide = 0.2,
    folds = 5,
    seed = 1,
    candidates = 100,
    signal,
    onProgress,
  }: CalibrateOptions,
): Promise<CalibrationResult> {
  const annotated = captions.filter(({ mentions }) => mentions.some(({ gold }) => gold !== undefined));
  if (annotated.length < 2 * folds)
    throw new MmelError("CONFIG", {
      what: `${annotated.length} captions with gold`,
      expected: `at least ${2 * folds}, two for each of ${folds} folds`,
    });
  const look = (parts: Parts, done: number): Promise<Observed[]> =>
    observe(annotated, parts, {
      candidates,
      ...(signal && { signal }),
      onProgress: (count) => onProgress?.(done + count),
    });
  await using parts = await openParts({ kb, model, signal, ...(images && { images }) });
  const full = await look(parts, 0);
  await using fewer = await withHidden(parts, hide, seed);
  const hidden = await look(fewer, annotated.length);
  const { full: inFull, hidden: inHidden } = crossFit({ full, hidden }, { folds, seed });
  const figures = { full: inFull!, hidden: inHidden! };
  const measured = {
    kb: parts.names.kb,
    captions: annotated.length,
    mentions: full.length,
    hide,
    folds,
    seed,
    ...JSON.parse(JSON.stringify(figures)),
  };
  const fitted = fitCalibration([...full, ...hidden]);
  return {
    fitted: { format: "mmel-calibration-1", model: model.hash, ...fitted, measured },
    figures,
  };
}
