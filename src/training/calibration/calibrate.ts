import { type Caption, counted, createRandom, type Entity, MmelError } from "../../core/index.js";
import { openParts, type Parts, type PartsOptions } from "../../linker/index.js";
import type { FittedCalibration } from "../../models/calibration/index.js";
import type { Model } from "../../models/model.js";
import type { Pictures } from "../../pictures/index.js";
import { type Coverage, coverageOf } from "./coverage-of.js";
import { type Comparison, crossFit, type SettingFigures } from "./cross-fit.js";
import { fitCalibration, type Observed } from "./fit-calibration.js";
import { asGiven, observe, withVariations } from "./observe.js";

export interface CalibrateOptions {
  /** Folder or URL of the knowledge base, an open store, or a list of entities. */
  readonly kb: PartsOptions["kb"];
  /** The model without its calibration. */
  readonly model: Model;
  /** The pictures that the model was opened with. Undefined if the model was opened without pictures. */
  readonly images?: Pictures | undefined;
  /** Maximum number of candidates to find by name for each mention (default 100). See `LinkerOptions`. */
  readonly candidates?: number;
  /** Shares of the knowledge base's entities to hide, so that some mentions become NIL (default 0.2, 0.5 and 0.9). */
  readonly hide?: readonly number[];
  /** Number of folds for cross-validation (default 5). */
  readonly folds?: number;
  /** Seed for choosing the hidden entities, the rewritten names and the folds (default 1). */
  readonly seed?: number;
  /** The model's present calibration, which is kept unless the new one is better. */
  readonly before?: FittedCalibration | undefined;
  /**
   * The share of mentions whose entity is missing from the knowledge base, from 0 to below 1. Default: the share in the
   * captions if at least one mention has the gold annotation NIL; otherwise the coverage of `before` stays.
   */
  readonly nilRate?: number | undefined;
  /** Whether the fit also uses a copy of each caption in which one name is rewritten (default true). */
  readonly variations?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** Called after each caption with the number of captions ranked so far, and the total number of captions to rank. */
  readonly onProgress?: (captions: number, total: number) => void;
}

/** Results with a knowledge base in which a share of the entities is hidden. */
export interface HiddenFigures extends SettingFigures {
  readonly hide: number;
}

export interface CalibrationResult {
  /** The calibration to use from now on. */
  readonly fitted: FittedCalibration;
  /**
   * How `fitted` differs from `before`. "calibration": it was fitted to all captions. "coverage": the parameters of
   * `before` were kept, with another coverage. "none": it is `before`.
   */
  readonly change: "calibration" | "coverage" | "none";
  /** Where the coverage in `fitted` comes from, and the numbers of mentions with gold annotations. */
  readonly coverage: Coverage;
  readonly mentions: number;
  readonly nilMentions: number;
  /**
   * Cross-validated results for the given captions, without the rewritten copies: with the full knowledge base
   * (`hide` is 0), and for each share to hide.
   */
  readonly figures: readonly HiddenFigures[];
  /** The cross-validated comparison with `before`. Absent if there was no calibration before. */
  readonly comparison?: Comparison | undefined;
}

/**
 * Fits a calibration (the probabilities of candidates and of NIL) to captions with gold annotations. The captions are
 * ranked with the full knowledge base and, for each share in `hide`, with this share of its entities hidden. If there is
 * a calibration `before`, its parameters are kept unless `isBetter`. Throws `CONFIG` if there are too few captions with
 * gold annotations, and the errors of `openParts`.
 */
export async function calibrate(
  captions: readonly Caption[],
  {
    kb,
    model,
    images,
    hide = [0.2, 0.5, 0.9],
    folds = 5,
    seed = 1,
    candidates = 100,
    before,
    nilRate,
    variations = true,
    signal,
    onProgress,
  }: CalibrateOptions,
): Promise<CalibrationResult> {
  const annotated = captions.filter(({ mentions }) => mentions.some(({ gold }) => gold !== undefined));
  if (annotated.length < 2 * folds)
    throw new MmelError("CONFIG", {
      what: `only ${counted(annotated.length, "caption contains", "captions contain")} gold annotations`,
      expected: `at least ${2 * folds} captions with gold annotations (two for each of the ${folds} folds)`,
      hint: "Add `gold` to the mentions of more captions: an entity id, or null for NIL.",
    });
  const shares = [0, ...hide];
  const settings: Observed[][] = [];
  let done = 0;
  await using parts = await openParts({ kb, model, signal, ...(images && { images }) });
  const inputs = variations ? await withVariations(annotated, parts, seed) : annotated.map(asGiven);
  for (const share of shares) {
    await using reduced = share === 0 ? undefined : await withHidden(parts, share, seed);
    const observed = await observe(inputs, reduced ?? parts, {
      candidates,
      signal,
      onProgress: () => onProgress?.(++done, shares.length * inputs.length),
    });
    settings.push(observed);
  }
  const own = settings[0]!.filter(({ isCopy }) => !isCopy);
  const coverage = coverageOf(annotated, own, { nilRate, before });
  const crossFitted = crossFit(settings, { folds, seed, defaultCoverage: coverage.value, before });
  const figures = crossFitted.settings.flatMap((setting, index) =>
    setting === undefined ? [] : { hide: shares[index]!, ...setting },
  );
  const { comparison } = crossFitted;
  const result = {
    coverage,
    mentions: own.length,
    nilMentions: own.filter(({ gold }) => gold === -1).length,
    figures,
    comparison,
  };
  if (before !== undefined && !isBetter(comparison)) {
    if (coverage.value === before.coverage) return { ...result, fitted: before, change: "none" };
    const { estimate: _, ...kept } = before;
    return { ...result, fitted: { ...kept, coverage: coverage.value }, change: "coverage" };
  }
  const measured = {
    kb: parts.names.kb,
    captions: annotated.length,
    copies: inputs.length - annotated.length,
    folds,
    seed,
    settings: JSON.parse(JSON.stringify(figures)),
  };
  return {
    ...result,
    fitted: {
      format: "mmel-calibration-2",
      model: model.hash,
      ...fitCalibration(settings.flat()),
      coverage: coverage.value,
      ...(coverage.source === "before" && before?.estimate && { estimate: before.estimate }),
      measured,
    },
    change: "calibration",
  };
}

/**
 * Returns whether a new calibration is better than the one before: the log loss is lower by more than chance (the 95 %
 * interval of the difference is below 0), and the calibration error is not higher.
 */
export function isBetter(comparison: Comparison | undefined): boolean {
  if (comparison === undefined) return false;
  const { logLoss, calibrationError } = comparison;
  const { interval95 } = logLoss;
  return interval95 !== null && interval95[1] < 0 && calibrationError.after <= calibrationError.before;
}

/**
 * Opens an in-memory copy of the knowledge base without a share of its entities. The seed determines which entities are
 * left out.
 */
async function withHidden(parts: Parts, share: number, seed: number): Promise<Parts> {
  const random = createRandom(`${seed}/hidden`);
  const kept: Entity[] = [];
  for await (const entity of parts.store.all()) if (random.next() >= share) kept.push(entity);
  const { model, pictures: images } = parts;
  return openParts({ kb: kept, model, ...(images && { images }) });
}
