import { FEATURE_NAMES } from "../../models/lexical/features.js";
import { createLexicalScorer } from "../../models/lexical/lexical-model.js";
import { PAIR_FEATURES, type PairWeights } from "../../models/lexical/pair-evidence.js";
import type { LexicalWeights } from "../../models/lexical/weights.js";
import { OWN_FIELD } from "../../models/lexical/word-lists.js";
import { fitPairs } from "./fit-pairs.js";
import type { LexicalData } from "./lexical-data.js";
import { Choices, fitSoftmax, type RegressionOptions, scoresOf } from "./softmax-regression.js";

export interface FitOptions {
  /** Strength λ of the L2 penalty λ/2 · w² on the weights (default 2). */
  readonly l2?: number;
  /** Feature groups to leave out, for ablations. `company` leaves out the pair evidence. */
  readonly without?: readonly string[];
  readonly onProgress?: (message: string) => void;
}

/** Quantile of the gold entities' name scores in the training data that becomes `nameFloor`. */
const BELOW_FLOOR = 0.002;
const DECIMALS = 4;
/** One in HELD_OUT captions is held out to fit the temperature. */
const HELD_OUT = 4;

const NO_PAIRS: PairWeights = {
  features: Object.fromEntries(PAIR_FEATURES.map((feature) => [feature, 0])),
  named: {},
  shared: {},
};

/**
 * Groups of features whose weights depend on facts about the world, such as the age at which people in a field are
 * photographed. These weights are fitted only to captions whose knowledge base was not generated.
 */
const OF_THE_WORLD: ReadonlySet<string> = new Set(["topics", "years", "prior", "gender", "rest"]);

/**
 * Fits the lexical ranker to captions with gold entities. First fits the weights of the candidates' features by softmax
 * regression, in two steps. The first step fits all weights, using the captions with a real knowledge base. The second
 * step uses all captions, and fits only the weights that do not depend on facts about the world. Weights that are fixed
 * or left out stay unchanged. Finally, fits the temperature and then, with the candidates' scores fixed, the pair
 * evidence. Deterministic: the same captions in the same order give the same weights.
 */
export function fitLexical(
  data: LexicalData,
  { l2 = 2, without = [], onProgress }: FitOptions = {},
): LexicalWeights {
  const groupOf = (feature: number): string => FEATURE_NAMES[feature]!.split("/")[0]!;
  const leftOut = (feature: number): boolean => without.includes(groupOf(feature));
  const isFrozen = (feature: number): boolean => leftOut(feature) || FEATURE_NAMES[feature]! in FIXED;
  const { choices, generated } = data;
  const world: RegressionOptions = {
    l2,
    prior: FEATURE_PRIOR.map((prior, feature) => (leftOut(feature) ? 0 : prior)),
    frozen: isFrozen,
    tolerance: 1e-8,
    onStep: (step, loss) => onProgress?.(`step ${step}, loss ${loss.toFixed(6)}`),
  };
  const fitFeatures = (use: (choice: number) => boolean, start?: Float64Array): Float64Array => {
    const prior = fitSoftmax(choices, FEATURE_NAMES.length, {
      ...world,
      ...(start && { start }),
      use: (choice) => !generated[choice] && use(choice),
    });
    const frozen = (feature: number): boolean => isFrozen(feature) || OF_THE_WORLD.has(groupOf(feature));
    return fitSoftmax(choices, FEATURE_NAMES.length, { ...world, prior, frozen, use });
  };
  const fitted = fitFeatures(() => true);
  const candidate = named(FEATURE_NAMES, fitted);
  const scorer = createLexicalScorer({ candidate });
  const temperature = round(fitTemperature(data, (use) => fitFeatures(use, fitted)));
  const pair = without.includes("company") ? NO_PAIRS : fitPairs(data.several, scorer, temperature);
  return {
    format: "mmel-lexical-2",
    name: "lexical",
    candidate,
    pair: { features: rounded(pair.features), named: rounded(pair.named), shared: rounded(pair.shared) },
    temperature,
    nameFloor: round(quantile(data.nameScores, BELOW_FLOOR)),
  };
}

/**
 * Manually chosen prior weights for features that rarely or never occur in the training data. The only training
 * knowledge base that was not generated contains only people, without popularity, aliases or descriptions. All other
 * weights, except those in `FIXED`, have the prior 0.
 */
const BY_HAND: Readonly<Record<string, number>> = {
  "name/exact alias": -1,
  "words/other": 1.5,
  "words/qualifier agrees": 2,
  "agreement/sex agrees": 0.5,
  "agreement/sex differs": -3,
  "agreement/acronym": 3,
  "life/birth agrees": 3,
  "life/birth nearly agrees": 1,
  "life/birth differs": -5,
  "life/death agrees": 3,
  "life/death nearly agrees": 1,
  "life/death differs": -5,
  "roles/role beside agrees": 1.5,
  "roles/role beside differs": -0.7,
  "roles/kind beside agrees": 0.5,
  "roles/kind beside differs": -1.5,
  "roles/type agrees": 1,
  "roles/type differs": -4,
  "roles/title, not person": -2,
  "roles/place word, person": -2.5,
  ...Object.fromEntries(
    Object.entries(OWN_FIELD).map(([topic, field]) => [`topics/${topic} × ${field}`, 1] as const),
  ),
};
/**
 * Weights that are not fitted, because the training data would give misleading values. One of the two training
 * knowledge bases contains no popularity, descriptions or aliases; in the other one, they are generated. Neither
 * contains fathers and sons with the same name.
 */
const FIXED: Readonly<Record<string, number>> = {
  "prior/popularity": 0.3,
  "prior/description words": 0.15,
  "prior/aliases": 0.15,
  "agreement/sameGeneration": 2,
  "agreement/otherGeneration": -3,
  "agreement/generationInMention": -1,
  "agreement/generationInName": -0.5,
};

const FEATURE_PRIOR = Float64Array.from(FEATURE_NAMES, (name) => FIXED[name] ?? BY_HAND[name] ?? 0);

/**
 * Fits the temperature T by maximum likelihood of softmax(scores / T) on the held-out captions. The scores are computed
 * with weights that are fitted to the other captions.
 */
function fitTemperature(
  { choices, captionOf }: LexicalData,
  fitFeatures: (use: (choice: number) => boolean) => Float64Array,
): number {
  const isHeldOut = (choice: number): boolean => captionOf[choice]! % HELD_OUT === 0;
  const weights = fitFeatures((choice) => !isHeldOut(choice));
  const scaled = new Choices();
  choices.right.forEach((right, choice) => {
    if (!isHeldOut(choice)) return;
    for (const score of scoresOf(choices, choice, weights))
      scaled.addRow({ indices: Uint16Array.of(0), values: Float64Array.of(score), length: 1 });
    scaled.endChoice(right, choices.weights[choice]);
  });
  return 1 / fitSoftmax(scaled, 1, { l2: 0 })[0]!;
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * values.length)] ?? 0;
}

const named = (names: readonly string[], values: Float64Array): Record<string, number> =>
  Object.fromEntries(names.map((name, index) => [name, round(values[index]!)]));

/** Rounds the values of a table and sorts it by name. */
const rounded = (table: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    Object.entries(table)
      .map(([name, value]) => [name, round(value)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** Rounds a value, so that machines whose `Math.exp` differs in the last bits give the same weights. */
const round = (value: number): number => Number(value.toFixed(DECIMALS)) + 0;
