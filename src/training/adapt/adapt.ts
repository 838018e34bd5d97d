import { withDisposables } from "../../core/disposable-stack.js";
import {
  type Caption,
  type CaptionCandidates,
  counted,
  createRandom,
  goldId,
  MmelError,
} from "../../core/index.js";
import { lookUp, openParts, type Parts, type PartsOptions } from "../../linker/index.js";
import {
  type CalibrationParameters,
  type FittedCalibration,
  readCalibration,
} from "../../models/calibration/index.js";
import type { LexicalWeights } from "../../models/lexical/index.js";
import { type LexicalStage, lexicalStage, loadUncalibrated } from "../../models/registry.js";
import type { Pictures } from "../../pictures/index.js";
import { coverageOf } from "../calibration/coverage-of.js";
import { fitCalibration, type Observed } from "../calibration/fit-calibration.js";
import { asGiven, observe } from "../calibration/observe.js";
import { outcomeOf } from "../calibration/outcome.js";
import { readLexicalData } from "../lexical/index.js";
import { type Paired, paired } from "../paired.js";
import { chooseStrength } from "./choose-strength.js";
import { fitWeights } from "./fit-weights.js";
import { splitCaptions } from "./split.js";

export interface AdaptOptions {
  readonly kb: PartsOptions["kb"];
  /** The name or folder of a calibrated model: the lexical ranker, or a network on top of it (default: the default model). */
  readonly model?: string | undefined;
  readonly images?: Pictures | undefined;
  /** Maximum number of candidates to find by name for each mention (default 100). */
  readonly candidates?: number;
  /** Share of the captions to hold back for the comparison (default 0.3). */
  readonly holdBack?: number;
  /** Seed of the split and the hidden entities (default 1). */
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
  /** Called after each ranked caption with the number of captions ranked so far, and the total number to rank. */
  readonly onProgress?: (captions: number, total: number) => void;
}

/** The model before and after the adaptation, on the captions that were held back. */
export interface AdaptComparison {
  /** Share of mentions with the right outcome: linked to the gold entity, or NIL. */
  readonly correct: Paired;
  /**
   * Mean of −log p of the gold entity or of NIL, over the mentions that are NIL or whose gold entity is a candidate.
   */
  readonly logLoss: Paired;
}

export interface Adapted {
  /** Where the given model keeps the weights of its lexical ranker. */
  readonly stage: LexicalStage;
  readonly weights: LexicalWeights;
  readonly fitted: FittedCalibration;
  readonly comparison: AdaptComparison;
  /** Numbers of captions that the model was fitted to, and that were held back. */
  readonly captions: { readonly fitted: number; readonly heldBack: number };
  /**
   * Strengths of the L2 penalties on the distance from the given weights and the given calibration. Null: they did not
   * change.
   */
  readonly strength: { readonly weights: number | null; readonly calibration: number | null };
}

/** Minimum number of captions with gold annotations. */
const MIN_CAPTIONS = 20;
const FOLDS = 5;

/**
 * Fits the lexical ranker and the calibration of a model to captions with gold annotations, starting from the given
 * weights and with a penalty on the distance from them. Compares the model before and after on captions that are held
 * back. Everything else stays: the pair evidence, the temperature, the network and the ranking settings. Throws `CONFIG` if
 * there are too few captions or the model is not calibrated, MODEL_UNSUPPORTED if the model has no lexical ranker, and the
 * errors of `openParts` and `loadModel`.
 */
export async function adapt(
  captions: readonly Caption[],
  { kb, model, images, candidates = 100, holdBack = 0.3, seed = 1, signal, onProgress }: AdaptOptions,
): Promise<Adapted> {
  const annotated = captions.filter(({ mentions }) => mentions.some(({ gold }) => gold !== undefined));
  assertEnough(annotated.length);
  const stage = await lexicalStage(model);
  await using present = await openUncalibrated(model, { kb, images, signal });
  const before = await calibrationOf(stage.folder, present);

  const partOf = splitCaptions(annotated, [1 - holdBack, holdBack], `${seed}/held back`);
  const [fitPart, heldPart] = [0, 1].map((part) => annotated.filter((_, i) => partOf[i] === part)) as [
    Caption[],
    Caption[],
  ];
  let done = 0;
  const total = 2 * heldPart.length + 2 * fitPart.length;
  const ranking = { candidates, signal, onProgress: () => onProgress?.(++done, total) };
  const heldBefore = await observe(heldPart.map(asGiven), present, ranking);

  const foldOf = splitCaptions(fitPart, new Array<number>(FOLDS).fill(1 / FOLDS), `${seed}/folds`);
  const { choices, captionOf } = await readLexicalData(withCandidates(fitPart, present, candidates));
  const { strength, fitTo } = await fitWeights(choices, stage.weights, {
    signal,
    folds: FOLDS,
    foldOf: (choice) => foldOf[captionOf[choice]!]!,
  });
  const weights = fitTo(() => true);

  // The scores of captions to which the weights were fitted are too good, so each half is ranked with the weights of the
  // other half.
  const halfOf = splitCaptions(fitPart, [0.5, 0.5], `${seed}/halves`);
  const hidden = someGold(fitPart, seed);
  const observed: Observed[] = [];
  const withNil: Observed[] = [];
  for (const half of [0, 1]) {
    const inputs = fitPart.map(asGiven).filter(({ index }) => halfOf[index] === half);
    const other = fitTo((choice) => halfOf[captionOf[choice]!] !== half);
    await using parts = await openUncalibrated(model, { kb: present.store, images, signal, weights: other });
    observed.push(...(await observe(inputs, parts, ranking)));
    withNil.push(...(await observe(inputs, parts, { ...ranking, hidden })));
  }
  const coverage = coverageOf(fitPart, observed, { before });
  const calibration = await fitNear(before, [...observed, ...withNil], foldOf, signal);
  await using adapted = await openUncalibrated(model, { kb: present.store, images, signal, weights });
  const heldAfter = await observe(heldPart.map(asGiven), adapted, ranking);
  const after = { ...calibration.parameters, coverage: coverage.value };
  const comparison = compare(heldBefore, before, heldAfter, after);
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const facts = {
    comparison,
    captions: { fitted: fitPart.length, heldBack: heldPart.length },
    strength: { weights: finite(strength), calibration: finite(calibration.strength) },
  };
  return {
    ...facts,
    stage,
    weights,
    fitted: {
      format: before.format,
      model: adapted.model.hash,
      ...after,
      ...(coverage.source === "before" && before.estimate && { estimate: before.estimate }),
      measured: { kb: present.names.kb, seed, ...JSON.parse(JSON.stringify(facts)) },
    },
  };
}

/**
 * Returns whether the adapted model is better on the captions that were held back: the log loss is lower, and no fewer
 * outcomes are right.
 */
export const isImproved = ({ correct, logLoss }: AdaptComparison): boolean =>
  logLoss.difference < 0 && correct.difference >= 0;

function assertEnough(captions: number): void {
  if (captions >= MIN_CAPTIONS) return;
  throw new MmelError("CONFIG", {
    what: `only ${counted(captions, "caption contains", "captions contain")} gold annotations`,
    expected: `at least ${MIN_CAPTIONS} captions with gold annotations`,
    hint: "Review more captions: 100 or more make a difference that can be measured.",
  });
}

/** Opens a knowledge base with a model that has no calibration. */
async function openUncalibrated(
  model: string | undefined,
  {
    kb,
    images,
    signal,
    weights,
  }: Pick<AdaptOptions, "kb" | "images" | "signal"> & { readonly weights?: LexicalWeights },
): Promise<Parts> {
  return withDisposables(async (opened) => {
    const loaded = await loadUncalibrated(model, { images: images?.open, lexical: weights });
    opened.use(loaded.model);
    const parts = opened.use(await openParts({ kb, model: loaded.model, signal, ...(images && { images }) }));
    return { ...parts, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
  });
}

async function calibrationOf(folder: string, { model }: Parts): Promise<FittedCalibration> {
  const stored = await readCalibration(folder, model.hash);
  if (stored !== undefined) return stored.fitted;
  throw new MmelError("CONFIG", {
    what: `model ${model.name} is not calibrated`,
    where: folder,
    hint: "Calibrate it first with `mmel calibrate`.",
  });
}

const BATCH = 64;

/** Yields captions with the candidates of their mentions. */
async function* withCandidates(
  captions: readonly Caption[],
  parts: Parts,
  candidates: number,
): AsyncGenerator<CaptionCandidates> {
  for (let start = 0; start < captions.length; start += BATCH)
    yield* await lookUp(parts, captions.slice(start, start + BATCH), candidates);
}

/** Chooses half of the captions' gold entities at random. */
function someGold(captions: readonly Caption[], seed: number): ReadonlySet<string> {
  const ids = new Set(captions.flatMap(({ mentions }) => mentions.flatMap((one) => goldId(one) ?? [])));
  return new Set(
    createRandom(`${seed}/hidden`)
      .shuffle([...ids])
      .slice(0, Math.floor(ids.size / 2)),
  );
}

/** Penalties on the distance from the given calibration, from weak to strong. With the last one, it stays. */
const STRENGTHS = [1, 10, 100, Infinity];

/**
 * Fits a calibration to observations, with a penalty on the distance from the calibration before. The strength of the
 * penalty is chosen by cross-validation.
 */
async function fitNear(
  before: CalibrationParameters,
  observed: readonly Observed[],
  foldOf: readonly number[],
  signal: AbortSignal | undefined,
): Promise<{ readonly parameters: CalibrationParameters; readonly strength: number }> {
  const fitTo = (strength: number, use: (index: number) => boolean): CalibrationParameters =>
    Number.isFinite(strength)
      ? fitCalibration(
          observed.filter((_, index) => use(index)),
          { parameters: before, strength },
        )
      : before;
  const strength = await chooseStrength({
    signal,
    strengths: STRENGTHS,
    items: observed.length,
    folds: FOLDS,
    margin: 0, // the calibration before was fitted to other weights, so it is no safer choice
    foldOf: (index) => foldOf[observed[index]!.caption]!,
    fitTo,
    lossOf: (parameters, index) => outcomeOf(observed[index]!, parameters, observed[index]!.coverage).loss,
  });
  const { sharpness, collaborative, nil } = fitTo(strength, () => true);
  return { parameters: { sharpness, collaborative, nil }, strength };
}

type Covered = CalibrationParameters & { readonly coverage: number };

/**
 * Compares the outcomes of the same mentions before and after. Throws `CONFIG` if no mention has its gold entity among its
 * candidates.
 */
export function compare(
  observedBefore: readonly Observed[],
  before: Covered,
  observedAfter: readonly Observed[],
  after: Covered,
): AdaptComparison {
  const outcomes = observedBefore.map((mention, index) => ({
    caption: mention.caption,
    before: outcomeOf(mention, before, before.coverage),
    after: outcomeOf(observedAfter[index]!, after, after.coverage),
  }));
  const correct = paired(
    outcomes.map(({ caption, before, after }) => ({
      caption,
      before: Number(before.correct),
      after: Number(after.correct),
    })),
  );
  const logLoss = paired(
    outcomes.flatMap(({ caption, before, after }) =>
      before.loss === undefined || after.loss === undefined
        ? []
        : { caption, before: before.loss, after: after.loss },
    ),
  );
  if (correct !== undefined && logLoss !== undefined) return { correct, logLoss };
  throw new MmelError("CONFIG", {
    what: "no mention that was held back has its gold entity among its candidates",
    hint: "Check that `--kb` is the knowledge base of the gold entities.",
  });
}
