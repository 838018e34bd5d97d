import { type Caption, createRandom, type Entity, MmelError } from "../../core/index.js";
import { retrieverOf } from "../../evaluation/index.js";
import { openParts, type Parts, rankAll } from "../../linker/index.js";
import type { FittedCalibration } from "../../models/calibration/index.js";
import type { Model } from "../../models/model.js";
import type { Pictures } from "../../pictures/index.js";
import { crossFit, type SettingFigures } from "./cross-fit.js";
import { fitCalibration, type Observed } from "./fit-calibration.js";

export interface CalibrateOptions {
  readonly kb: string;
  /** The model without its calibration. */
  readonly model: Model;
  /** The pictures that the model was opened with, if it uses any. */
  readonly images?: Pictures | undefined;
  /** Maximum number of candidates per mention (default 100). */
  readonly candidates?: number;
  /** Share of the entities to hide, so that some mentions become NIL (default 0.2). */
  readonly hide?: number;
  /** Number of folds for the cross-fitted figures (default 5). */
  readonly folds?: number;
  /** Seed for hiding entities and for the folds (default 1). */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Called with the number of captions processed, over both passes. */
  readonly onProgress?: (captions: number) => void;
}

export interface CalibrationResult {
  /** Fitted to all captions. */
  readonly fitted: FittedCalibration;
  /** Cross-fitted figures with the full knowledge base and with a share of it hidden. */
  readonly figures: Readonly<Record<"full" | "hidden", SettingFigures>>;
}

/**
 * Fits the probabilities of candidates and of NIL to captions with gold, ranked once with the full knowledge base and
 * once with a share of its entities hidden. Throws CONFIG if there are too few captions, and the errors of `openParts`.
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
      what: `only ${annotated.length} captions have gold`,
      expected: `at least ${2 * folds}, two for each of ${folds} folds`,
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

/** Ranks captions with gold as `mmel link` does. Gold that is missing from the knowledge base counts as NIL. */
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

/** The same knowledge base, in memory, without a share of its entities that the seed determines. */
async function withHidden(parts: Parts, share: number, seed: number): Promise<Parts> {
  const random = createRandom(`${seed}/hidden`);
  const kept: Entity[] = [];
  for await (const entity of parts.store.all()) if (random.next() >= share) kept.push(entity);
  const { model, pictures: images } = parts;
  return openParts({ kb: kept, model, ...(images && { images }) });
}
