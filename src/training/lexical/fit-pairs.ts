import type { LexicalScorer } from "../../models/lexical/lexical-model.js";
import {
  PAIR_FEATURES,
  type PairRow,
  type PairWeights,
  propertyKey,
  type RelatedEntity,
  readPairs,
} from "../../models/lexical/pair-evidence.js";
import { shares } from "../../models/softmax.js";
import { NIL } from "../../models/together/index.js";
import { lbfgs, type Objective } from "../lbfgs.js";
import { goldIndices, type TrainingCaption } from "./lexical-data.js";

/** A mention of a training caption. Its candidates are ordered by descending m. */
interface PairMention {
  /** m of each candidate. */
  readonly match: readonly number[];
  /** Position of the gold entity among the candidates; −1 if it is not a candidate. */
  readonly gold: number;
}

interface PairCaption {
  readonly weight: number;
  readonly mentions: readonly PairMention[];
  /**
   * For each pair of mentions, i and j, the pairs of their candidates: `left` is a candidate of mention i, `right` of
   * mention j.
   */
  readonly links: readonly {
    readonly i: number;
    readonly j: number;
    readonly rows: readonly WeightedRow[];
  }[];
}

/**
 * A pair of candidates, and the features of the pair that are not 0. A feature is given by the index of its weight
 * and by its value.
 */
export interface WeightedRow {
  readonly left: number;
  readonly right: number;
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

/** Strength of the L2 penalty on the weights of the features, and on those of single properties. */
const L2 = { feature: 1, property: 4 } as const;

/**
 * Fits the weights of the pair evidence to captions with several mentions. Maximises the probability of each
 * mention's gold entity when the mentions are resolved together (see `decideTogether`), with the scores of single
 * mentions fixed. The weight of a single property is added to a weight that all properties share. The penalty keeps
 * the weights of rare properties close to 0.
 */
export function fitPairs(
  captions: readonly TrainingCaption[],
  scorer: LexicalScorer,
  temperature: number,
): PairWeights {
  const numbers = new Map<string, number>(PAIR_FEATURES.map((feature, index) => [feature, index]));
  const data = captions.map((caption) => pairCaption(caption, scorer, temperature, numbers));
  return fitRows(data, numbers, PAIR_FEATURES, new Float64Array(numbers.size), 1e-8);
}

/**
 * Fits the weights of `features` and of single properties, starting at `start`. `numbers` maps the name of each weight
 * to its index. `tolerance` is an option of `lbfgs`.
 */
export function fitRows(
  data: readonly PairCaption[],
  numbers: ReadonlyMap<string, number>,
  features: readonly string[],
  start: Float64Array,
  tolerance: number,
): PairWeights {
  const penalties = Float64Array.from({ length: numbers.size }, (_, index) =>
    index < features.length ? L2.feature : L2.property,
  );
  const weights = lbfgs(pairObjective(data, penalties), start, { tolerance });
  const table = (prefix: string): Record<string, number> =>
    Object.fromEntries(
      [...numbers].flatMap(([name, index]) =>
        name.startsWith(prefix) ? [[name.slice(prefix.length), weights[index]!]] : [],
      ),
    );
  return {
    features: Object.fromEntries(features.map((feature, index) => [feature, weights[index]!])),
    named: table(NAMED),
    shared: table(SHARED),
  };
}

/** Prefixes that distinguish the two kinds of weights of single properties by name. */
export const [NAMED, SHARED] = ["named: ", "shared: "] as const;

/**
 * Returns the features of a pair as indices of weights. Numbers the weights of properties in the order in which the
 * properties first occur.
 */
export function weightedRow(row: PairRow, numbers: Map<string, number>): WeightedRow {
  const entries: [number, number][] = [...row.values.entries()].filter(([, value]) => value !== 0);
  const add = (prefix: string, property: string | undefined, value: number): void => {
    if (property === undefined) return;
    const name = prefix + propertyKey(property);
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    entries.push([number, value]);
  };
  add(NAMED, row.named, row.values[PAIR_FEATURES.indexOf("named")]!);
  add(SHARED, row.shared, row.values[PAIR_FEATURES.indexOf("shared value")]!);
  const { left, right } = row;
  return { left, right, indices: entries.map(([index]) => index), values: entries.map(([, value]) => value) };
}

function pairCaption(
  caption: TrainingCaption,
  scorer: LexicalScorer,
  temperature: number,
  numbers: Map<string, number>,
): PairCaption {
  const gold = goldIndices(caption);
  const mentions = scorer.score(caption).map(({ profiles, scores }, i) => {
    const match = shares(scores, temperature);
    const order = [...match.keys()].sort((a, b) => match[b]! - match[a]!);
    const entities = order.map(
      (at): RelatedEntity => ({
        profile: profiles[at]!,
        relations: caption.candidates[i]![at]!.relations ?? [],
      }),
    );
    return { match: order.map((at) => match[at]!), gold: order.indexOf(gold[i]!), entities };
  });
  const links = mentions.flatMap((right, j) =>
    mentions.slice(0, j).map((left, i) => {
      const idOf = ({ profile }: RelatedEntity): string => profile.entity.id;
      const rows = readPairs(left.entities, right.entities)
        .filter(({ left: a, right: b }) => idOf(left.entities[a]!) !== idOf(right.entities[b]!))
        .map((row) => weightedRow(row, numbers));
      return { i, j, rows };
    }),
  );
  return {
    weight: caption.weight ?? 1,
    mentions: mentions.map(({ match, gold }) => ({ match, gold })),
    links,
  };
}

/** Returns the objective: the weighted mean of −log p of the gold entities, with the L2 penalty. */
export function pairObjective(captions: readonly PairCaption[], penalties: Float64Array): Objective {
  const count = captions.reduce(
    (sum, { weight, mentions }) => sum + weight * mentions.filter(({ gold }) => gold >= 0).length,
    0,
  );
  return (weights, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (const caption of captions)
      for (let mention = 0; mention < caption.mentions.length; mention++)
        loss += addMention(caption, mention, weights, gradient);
    for (let i = 0; i < weights.length; i++) {
      loss += 0.5 * penalties[i]! * weights[i]! ** 2;
      gradient[i] = (gradient[i]! + penalties[i]! * weights[i]!) / count;
    }
    return loss / count;
  };
}

/** The influence of a companion (another mention of the caption) on the candidates of a mention. */
interface Influence {
  readonly rows: readonly WeightedRow[];
  /** Whether the mention's candidates are the left entities of the rows, and the companion's the right ones. */
  readonly isLeft: boolean;
  /** m of each candidate of the companion. */
  readonly match: readonly number[];
  /** exp(logit S) of each row. */
  readonly powers: Float64Array;
  /** For each candidate of the mention, the factor by which the companion multiplies its m. */
  readonly factors: Float64Array;
}

/** Adds the gradient of one mention's loss, and returns the loss. */
function addMention(
  caption: PairCaption,
  mention: number,
  weights: Float64Array,
  gradient: Float64Array,
): number {
  const { match, gold } = caption.mentions[mention]!;
  if (gold < 0) return 0;
  const influences = influencesOn(caption, mention, weights);
  const logs = match.map((m, own) =>
    influences.reduce((sum, { factors }) => sum + Math.log(factors[own]!), Math.log(m)),
  );
  const highest = Math.max(...logs);
  const total = logs.reduce((sum, log) => sum + Math.exp(log - highest), 0);
  for (const { rows, isLeft, match: shares, powers, factors } of influences)
    rows.forEach(({ left, right, indices, values }, at) => {
      const [own, partner] = isLeft ? [left, right] : [right, left];
      const error = Math.exp(logs[own]! - highest) / total - Number(own === gold);
      const slope = (caption.weight * error * (1 - NIL) * shares[partner]! * powers[at]!) / factors[own]!;
      for (let k = 0; k < values.length; k++) gradient[indices[k]!]! += slope * values[k]!;
    });
  return caption.weight * (Math.log(total) + highest - logs[gold]!);
}

function influencesOn({ mentions, links }: PairCaption, mention: number, weights: Float64Array): Influence[] {
  return links.flatMap(({ i, j, rows }) => {
    if (i !== mention && j !== mention) return [];
    const isLeft = i === mention;
    const { match } = mentions[isLeft ? j : i]!;
    const factors = new Float64Array(mentions[mention]!.match.length).fill(1);
    const powers = Float64Array.from(rows, ({ left, right, indices, values }) => {
      let logit = 0;
      for (let k = 0; k < values.length; k++) logit += weights[indices[k]!]! * values[k]!;
      const [own, partner] = isLeft ? [left, right] : [right, left];
      factors[own]! += (1 - NIL) * match[partner]! * Math.expm1(logit);
      return Math.exp(logit);
    });
    return [{ rows, isLeft, match, powers, factors }];
  });
}
