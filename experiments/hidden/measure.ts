import { type Caption, createRandom, type Entity } from "../../src/core/index.js";
import { calibrationFigures, type Prediction } from "../../src/evaluation/index.js";
import { lookUp, openParts, type RankedCaption, rankAll } from "../../src/linker/index.js";
import { estimateCoverage } from "../../src/models/calibration/index.js";
import type { Calibration, Model } from "../../src/models/model.js";
import { decide } from "../../src/ranking/index.js";

/**
 * The coverage that the probabilities use: the true coverage ("given"), an estimate from other captions ("estimated"),
 * or the model's default ("not given").
 */
export type Condition = "given" | "estimated" | "not given";

/** Figures for one seed, one share of hidden entities and one condition. */
export interface SettingFigures {
  readonly condition: Condition;
  /** Expected calibration error over 15 bins. */
  readonly ece: number;
  /** Share of mentions with the right outcome. */
  readonly accuracy: number;
  readonly mentions: number;
  /** Number of links with a probability of at least 0.9, and the number of these links that are right. */
  readonly confident: number;
  readonly confidentRight: number;
  /** The coverage that was used; undefined if it was not given. */
  readonly coverage: number | undefined;
}

const CONFIDENT = 0.9;

/**
 * Hides a share of the entities, chosen by the seed, ranks the captions against the remaining knowledge base, and
 * computes the figures for each condition. For each seed and share, the knowledge base is indexed and the captions are
 * ranked again, because hiding an entity changes the candidates, the scores of its rivals and the statistics of the
 * names.
 */
export async function measureHidden(
  model: Model,
  entities: readonly Entity[],
  captions: readonly Caption[],
  { share, seed, candidates = 100 }: { share: number; seed: number; candidates?: number },
): Promise<readonly SettingFigures[]> {
  const { calibration } = model;
  if (calibration?.withCoverage === undefined) throw new Error(`model ${model.name} is not calibrated`);
  const random = createRandom(`${seed}/hidden`);
  const kept = entities.filter(() => random.next() >= share);
  const ids = new Set(kept.map(({ id }) => id));
  await using parts = await openParts({ kb: kept, model });
  const ranked: RankedCaption[] = [];
  const retrieve = (batch: readonly Caption[]) => lookUp(parts, batch, candidates);
  for await (const one of rankAll(captions, retrieve, model)) ranked.push(one);

  const even = calibration.withCoverage(0.5);
  const halves = [0, 1].map((half) => ranked.filter((_, index) => index % 2 === half));
  const estimates = halves.map((half) => estimateCoverage(half.flatMap((one) => nilOf(one, even))).coverage);
  const predict = (half: readonly RankedCaption[], own: Calibration) =>
    half.flatMap((one) => predictionsOf(one, ids, own));
  const given = calibration.withCoverage(1 - share);
  const isEstimated = halves.flatMap((half, i) =>
    predict(half, calibration.withCoverage!(estimates[1 - i]!)),
  );
  return [
    figuresOf("given", predict(ranked, given), 1 - share),
    figuresOf("estimated", isEstimated, (estimates[0]! + estimates[1]!) / 2),
    figuresOf("not given", predict(ranked, calibration), undefined),
  ];
}

/** Returns the probability of NIL for each mention of a caption. */
function nilOf({ found, ranked }: RankedCaption, { probabilities }: Calibration): number[] {
  return found.caption.mentions.map(({ text }, i) => probabilities?.(text, ranked[i]!).nil ?? 1);
}

interface OutcomePrediction extends Prediction {
  readonly isLink: boolean;
}

/**
 * Decides each mention that has a gold entity, and compares the outcome with this entity, or with NIL if the entity is
 * hidden.
 */
function predictionsOf(
  { found, ranked }: RankedCaption,
  ids: ReadonlySet<string>,
  calibration: Calibration,
): OutcomePrediction[] {
  return found.caption.mentions.flatMap(({ text, gold }, i) => {
    if (gold === undefined) return [];
    const { entity, probability } = decide(text, ranked[i]!, calibration);
    const id = gold.kind === "entity" && ids.has(gold.id) ? gold.id : undefined;
    return { probability: probability ?? 0, correct: entity?.id === id, isLink: entity !== null };
  });
}

function figuresOf(
  condition: Condition,
  predictions: readonly OutcomePrediction[],
  coverage: number | undefined,
): SettingFigures {
  const figures = calibrationFigures(predictions);
  const confident = predictions.filter(({ isLink, probability }) => isLink && probability >= CONFIDENT);
  return {
    condition,
    ece: figures?.ece ?? 0,
    accuracy: figures?.accuracy ?? 0,
    mentions: predictions.length,
    confident: confident.length,
    confidentRight: confident.filter(({ correct }) => correct).length,
    coverage,
  };
}
