import { type Caption, createRandom, type Entity, MmelError } from "../../core/index.js";
import { retrieverOf } from "../../evaluation/index.js";
import { openParts, type Parts, rankAll } from "../../linker/index.js";
import type { FittedCalibration } from "../../models/calibration/index.js";
import type { Model } from "../../models/model.js";
import type { Pictures } from "../../pictures/index.js";
import { crossFit, type SettingFigures } from "./cross-fit.js";
import { fitCalibration, type Observed } from "./fit-calibration.js";

export interface CalibrateOptions {
  /** Folder or URL of the knowledge base. */
  readonly kb: string;
  /** The model without its calibration. */
  readonly model: Model;
  /** The pictures that the model was opened with. Undefined if the model was opened without pictures. */
  readonly images?: Pictures | undefined;
  /** Maximum number of candidates per mention (default 100). */
  readonly candidates?: number;
  /** Share of the knowledge base's entities to hide, so that some mentions become NIL (default 0.2). */
  readonly hide?: number;
  /** Number of folds for cross-validation (default 5). */
  readonly folds?: number;
  /** Seed for choosing the hidden entities and the folds (default 1). */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Called after each caption with the number of captions processed so far. Each caption counts twice, once per pass. */
  readonly onProgress?: (captions: number) => void;
}

export interface CalibrationResult {
  /** The calibration, fitted to all captions. */
  readonly fitted: FittedCalibration;
  /** Cross-validated results with the full knowledge base and with a share of its entities hidden. */
  readonly figures: Readonly<Record<"full" | "hidden", SettingFigures>>;
}

/**
 * Fits a calibration (the probabilities of candidates and of NIL) to captions with gold answers. The captions are ranked
 * twice: with the full knowledge base, and with a share of its entities hidden. Throws CONFIG if there are too few captions
 * with gold answers, and the errors of `openParts`.
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
      what: `only ${annotated.length} captions contain gold answers`,
      expected: `at least ${2 * folds} captions with gold answers (two for each of the ${folds} folds)`,
    });
  const observeAll = (parts: Parts, done: number): Promise<Observed[]> =>
    observe(annotated, parts, {
      candidates,
      ...(signal && { signal }),
      onProgress: (count) => onProgress?.(done + count),
    });
  await using parts = await openParts({ kb, model, signal, ...(images && { images }) });
  const full = await observeAll(parts, 0);
  await using reduced = await withHidden(parts, hide, seed);
  const hidden = await observeAll(reduced, annotated.length);
  const fit = crossFit({ full, hidden }, { folds, seed });
  const figures = { full: fit.full!, hidden: fit.hidden! };
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

interface ObserveOptions {
  readonly candidates: number;
  readonly signal?: AbortSignal;
  /** Called after each caption with the number of captions processed. */
  readonly onProgress: (captions: number) => void;
}

/**
 * Ranks captions in the same way as `mmel link` and returns the ranked mentions that have a gold answer. A gold entity that
 * is missing from the knowledge base counts as NIL.
 */
async function observe(
  captions: readonly Caption[],
  parts: Parts,
  { candidates, signal, onProgress }: ObserveOptions,
): Promise<Observed[]> {
  const observed: Observed[] = [];
  const indices = new Map(captions.map((caption, index) => [caption, index]));
  let done = 0;
  const retrieve = retrieverOf("retrieval", parts, candidates);
  const options = { pictures: parts.pictures, ...(signal && { signal }) };
  for await (const { found, ranked } of rankAll(captions, retrieve, parts.model, options)) {
    const caption = indices.get(found.caption)!;
    for (const [mention, { gold }] of found.caption.mentions.entries()) {
      if (gold === undefined) continue;
      const id = found.gold[mention]!.entity?.id;
      const place = ranked[mention]!.findIndex(({ candidate }) => candidate.entity.id === id);
      const missing = id === undefined ? -1 : undefined;
      observed.push({ caption, ranked: ranked[mention]!, gold: place < 0 ? missing : place });
    }
    onProgress(++done);
  }
  return observed;
}

/**
 * Opens an in-memory copy of the knowledge base without a share of its entities. The seed determines which entities are left
 * out.
 */
async function withHidden(parts: Parts, share: number, seed: number): Promise<Parts> {
  const random = createRandom(`${seed}/hidden`);
  const kept: Entity[] = [];
  for await (const entity of parts.store.all()) if (random.next() >= share) kept.push(entity);
  const { model, pictures: images } = parts;
  return openParts({ kb: kept, model, ...(images && { images }) });
}
