import { type Caption, counted, createRandom, type Entity, goldId, MmelError } from "../../core/index.js";
import { retrieverOf } from "../../evaluation/index.js";
import { openParts, type Parts, type PartsOptions, rankAll } from "../../linker/index.js";
import { type FittedCalibration, readEvidence } from "../../models/calibration/index.js";
import type { Model } from "../../models/model.js";
import type { Pictures } from "../../pictures/index.js";
import { varied } from "../variations.js";
import { crossFit, type SettingFigures } from "./cross-fit.js";
import { fitCalibration, type Observed } from "./fit-calibration.js";

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
  /** The coverage that the calibration assumes if no coverage is given (default 0.7). */
  readonly defaultCoverage?: number;
  /** Whether the fit also uses a copy of each caption in which one name is rewritten (default true). */
  readonly variations?: boolean;
  readonly signal?: AbortSignal;
  /** Called after each caption with the number of captions ranked so far, and the total number of captions to rank. */
  readonly onProgress?: (captions: number, total: number) => void;
}

/** Results with a knowledge base in which a share of the entities is hidden. */
export interface HiddenFigures extends SettingFigures {
  readonly hide: number;
}

export interface CalibrationResult {
  /** The calibration, fitted to all captions. */
  readonly fitted: FittedCalibration;
  /**
   * Cross-validated results for the given captions, without the rewritten copies: with the full knowledge base
   * (`hide` is 0), and for each share to hide.
   */
  readonly figures: readonly HiddenFigures[];
}

/** Default value of the option `defaultCoverage`. */
const DEFAULT_COVERAGE = 0.7;

/**
 * Fits a calibration (the probabilities of candidates and of NIL) to captions with gold annotations. The captions are
 * ranked with the full knowledge base and, for each share in `hide`, with this share of its entities hidden. Throws
 * `CONFIG` if there are too few captions with gold annotations, and the errors of `openParts`.
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
    defaultCoverage = DEFAULT_COVERAGE,
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
      ...(signal && { signal }),
      onProgress: () => onProgress?.(++done, shares.length * inputs.length),
    });
    settings.push(withCoverage(observed));
  }
  const figures = crossFit(settings, { folds, seed, defaultCoverage }).flatMap((setting, index) =>
    setting === undefined ? [] : { hide: shares[index]!, ...setting },
  );
  const measured = {
    kb: parts.names.kb,
    captions: annotated.length,
    copies: inputs.length - annotated.length,
    folds,
    seed,
    settings: JSON.parse(JSON.stringify(figures)),
  };
  const fitted = fitCalibration(settings.flat());
  return {
    fitted: {
      format: "mmel-calibration-2",
      model: model.hash,
      ...fitted,
      coverage: defaultCoverage,
      measured,
    },
    figures,
  };
}

/** A given caption, or a copy with a rewritten name. `index` is the index of the given caption in both cases. */
interface Input {
  readonly caption: Caption;
  readonly index: number;
  readonly isCopy: boolean;
}

const asGiven = (caption: Caption, index: number): Input => ({ caption, index, isCopy: false });

/** Adds a copy of each caption in which one name is rewritten by a random rule, if a rule applies. */
async function withVariations(
  captions: readonly Caption[],
  { store }: Parts,
  seed: number,
): Promise<Input[]> {
  const ids = captions.flatMap(({ mentions }) => mentions.flatMap((mention) => goldId(mention) ?? []));
  const entities = await store.getMany([...new Set(ids)]);
  const random = createRandom(`${seed}/variations`);
  return captions.flatMap((caption, index) => {
    const copy = varied(caption, (id) => entities.get(id), random);
    const given = asGiven(caption, index);
    return copy === undefined ? [given] : [given, { caption: copy.caption, index, isCopy: true }];
  });
}

/** Sets the coverage of observations from one knowledge base: the share of mentions whose gold entity it contains. */
function withCoverage(observed: readonly Omit<Observed, "coverage">[]): Observed[] {
  const coverage = observed.filter(({ gold }) => gold !== -1).length / Math.max(1, observed.length);
  return observed.map((mention) => ({ ...mention, coverage }));
}

interface ObserveOptions {
  readonly candidates: number;
  readonly signal?: AbortSignal;
  /** Called after each caption. */
  readonly onProgress: () => void;
}

/**
 * Ranks captions in the same way as `mmel link` and returns the evidence of the mentions that have a gold annotation. A
 * gold entity that is missing from the knowledge base counts as NIL.
 */
async function observe(
  inputs: readonly Input[],
  parts: Parts,
  { candidates, signal, onProgress }: ObserveOptions,
): Promise<Omit<Observed, "coverage">[]> {
  const observed: Omit<Observed, "coverage">[] = [];
  const retrieve = retrieverOf("retrieval", parts, candidates);
  const options = { pictures: parts.pictures, ...(signal && { signal }) };
  const captions = inputs.map(({ caption }) => caption);
  let next = 0;
  for await (const { found, ranked, fullNames } of rankAll(captions, retrieve, parts.model, options)) {
    const { index, isCopy } = inputs[next++]!;
    for (const [mention, { text, gold }] of found.caption.mentions.entries()) {
      if (gold === undefined) continue;
      const id = found.gold[mention]!.entity?.id;
      const place = ranked[mention]!.findIndex(({ candidate }) => candidate.entity.id === id);
      const missing = id === undefined ? -1 : undefined;
      observed.push({
        caption: index,
        isCopy,
        evidence: readEvidence(fullNames[mention]?.text ?? text, ranked[mention]!),
        gold: place < 0 ? missing : place,
      });
    }
    onProgress();
  }
  return observed;
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
