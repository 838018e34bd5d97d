import type { CaptionCandidates } from "../../core/index.js";
import { FEATURE_NAMES } from "../../models/lexical/features.js";
import { createScorer, type Scorer } from "../../models/lexical/lexical-model.js";
import { ProfileCache } from "../../models/lexical/profiles.js";
import { RELATIONS } from "../../models/lexical/relations.js";
import type { LexicalWeights } from "../../models/lexical/weights.js";
import { Choices } from "./choices.js";
import { addCompany, addMentions, addPairs, PAIR_FEATURES, rightOnes } from "./lexical-data.js";
import { PRIOR, RELATION_PRIOR } from "./priors.js";
import { fitSoftmax, type RegressionOptions, scoresOf } from "./softmax-regression.js";

export interface FitOptions {
  /** Penalty on the weights (2). */
  readonly l2?: number;
  /** Groups of features to leave out, for ablations. */
  readonly without?: readonly string[];
  readonly onProgress?: (message: string) => void;
}

/** Name scores of this share of the training mentions' gold entities are below the floor for NIL. */
const BELOW_FLOOR = 0.002;
const DECIMALS = 4;
/** One caption in so many is held out to fit the temperature. */
const HELD_OUT = 4;

/**
 * Fits the lexical ranker to captions with gold: each candidate's own features by softmax regression; with those scores
 * fixed, the relations with the other mentions' candidates; then S and the temperature. Nothing is random: the same
 * captions in the same order give the same weights.
 */
export function fitLexical(
  data: LexicalData,
  { l2 = 2, without = [], onProgress }: FitOptions = {},
): LexicalWeights {
  const out = (feature: number): boolean => without.includes(FEATURE_NAMES[feature]!.split("/")[0]!);
  const regression: RegressionOptions = {
    l2,
    prior: PRIOR.map((held, feature) => (out(feature) ? 0 : held)),
    frozen: out,
    onStep: (step, loss) => onProgress?.(`step ${step}, loss ${loss.toFixed(6)}`),
  };
  const fitted = fitSoftmax(data.choices, FEATURE_NAMES.length, regression);
  const candidate = named(FEATURE_NAMES, fitted);
  const scorer = createScorer({ candidate, company: {} });
  return {
    format: "mmel-lexical-1",
    name: "lexical",
    candidate,
    company: fitCompany(data.several, scorer, without.includes("company")),
    pair: fitPairs(data.several, scorer),
    temperature: round(fitTemperature(data, { ...regression, start: fitted })),
    nameFloor: round(quantile(data.nameScores, BELOW_FLOOR)),
  };
}

/** Training captions, read. */
export interface LexicalData {
  readonly choices: Choices;
  /** The caption of each choice, counted. */
  readonly captionOf: readonly number[];
  /** Captions with several mentions. */
  readonly several: readonly CaptionCandidates[];
  /** Of each mention's gold entity. */
  readonly nameScores: readonly number[];
}

/** Reads captions with gold and candidates for `fitLexical`; about 400 MB for the 18,000 mentions of Wikidata-MEL. */
export async function readLexicalData(captions: AsyncIterable<CaptionCandidates>): Promise<LexicalData> {
  const choices = new Choices();
  const profiles = new ProfileCache(50_000);
  const several: CaptionCandidates[] = [];
  const captionOf: number[] = [];
  const nameScores: number[] = [];
  let count = 0;
  for await (const caption of captions) {
    addMentions(choices, caption, profiles);
    while (captionOf.length < choices.length) captionOf.push(count);
    if (caption.caption.mentions.length > 1) several.push(caption);
    rightOnes(caption).forEach((right, at) => {
      if (right >= 0) nameScores.push(caption.candidates[at]![right]!.nameScore);
    });
    count++;
  }
  return { choices, captionOf, several, nameScores };
}

function fitCompany(
  captions: readonly CaptionCandidates[],
  scorer: Scorer,
  leaveOut: boolean,
): Record<string, number> {
  const choices = new Choices();
  for (const caption of captions) addCompany(choices, caption, scorer.score(caption));
  const prior = leaveOut ? RELATION_PRIOR.map(() => 0) : RELATION_PRIOR;
  return named(RELATIONS, fitSoftmax(choices, RELATIONS.length, { l2: 1, prior, frozen: () => leaveOut }));
}

function fitPairs(captions: readonly CaptionCandidates[], scorer: Scorer): Record<string, number> {
  const choices = new Choices();
  for (const caption of captions) addPairs(choices, caption, scorer.score(caption), scorer.ties);
  const prior = Float64Array.of(...RELATION_PRIOR, 0);
  return named(PAIR_FEATURES, fitSoftmax(choices, PAIR_FEATURES.length, { l2: 1, prior }));
}

/** T such that l / T has the greatest likelihood on held-out captions, for weights fitted to the others. */
function fitTemperature({ choices, captionOf }: LexicalData, regression: RegressionOptions): number {
  const held = (choice: number): boolean => captionOf[choice]! % HELD_OUT === 0;
  const weights = fitSoftmax(choices, FEATURE_NAMES.length, {
    ...regression,
    use: (choice) => !held(choice),
  });
  const scaled = new Choices();
  choices.right.forEach((right, choice) => {
    if (!held(choice)) return;
    for (const score of scoresOf(choices, choice, weights))
      scaled.addRow({ indices: Uint16Array.of(0), values: Float64Array.of(score), length: 1 });
    scaled.endChoice(right);
  });
  return 1 / fitSoftmax(scaled, 1, { l2: 0 })[0]!;
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * values.length)] ?? 0;
}

const named = (names: readonly string[], values: Float64Array): Record<string, number> =>
  Object.fromEntries(names.map((name, at) => [name, round(values[at]!)]));

/** Rounded, so that the last bits of another machine's exponential do not show. */
const round = (value: number): number => Number(value.toFixed(DECIMALS)) + 0;
