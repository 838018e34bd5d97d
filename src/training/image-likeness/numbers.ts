import { NAME_COUNTS, type SightConfig, VIEW_KINDS, viewKinds } from "../../models/image-likeness/index.js";
import { lbfgs } from "../lbfgs.js";

/** A mention of a captioned picture. */
export interface Choice {
  /** Mentions of its caption. */
  readonly names: number;
  /** Index of gold among the candidates. */
  readonly right: number;
  /** The text's log m of each candidate. */
  readonly priors: readonly number[];
  /** By candidate, of each view with the entity's picture; undefined for an entity without one. */
  readonly cosines: readonly (Float64Array | undefined)[];
}

type Numbers = Pick<SightConfig, "scale" | "text" | "missing" | "bias">;

const KINDS = VIEW_KINDS.length;
/** Places in the vector that is fitted: a, t, a · missing, then b. */
const [A, T, M, B] = [0, 1, 2, 3];
/** Strength of a normal prior around the start, in mentions; it matters only where there are few. */
const HOLD = 1;

/** The numbers of greatest likelihood of the right candidates, from where `start` has them. */
export function fitNumbers(choices: readonly Choice[], start: Numbers & Pick<SightConfig, "views">): Numbers {
  const kinds = viewKinds(start.views);
  const begin = Float64Array.of(start.scale, start.text, start.scale * start.missing, ...start.bias.flat());
  const fitted = lbfgs((point, gradient) => {
    gradient.fill(0);
    let loss = 0;
    for (const choice of choices) loss += choiceLoss(choice, kinds, point, gradient);
    point.forEach((value, at) => {
      const away = value - begin[at]!;
      loss += (HOLD / 2) * away * away;
      gradient[at]! += HOLD * away;
    });
    return loss;
  }, begin);
  const round = (value: number): number => Number(value.toFixed(4)) + 0;
  const rows = Array.from({ length: NAME_COUNTS }, (_, names) => {
    const from = B + KINDS * names;
    return [round(fitted[from]!), round(fitted[from + 1]!), round(fitted[from + 2]!)] satisfies number[];
  });
  return {
    scale: round(fitted[A]!),
    text: round(fitted[T]!),
    missing: round(Math.max(-1, Math.min(1, fitted[M]! / fitted[A]!))),
    bias: rows as SightConfig["bias"],
  };
}

/** −log of the right candidate's share; adds its gradient. */
export function choiceLoss(
  { names, right, priors, cosines }: Choice,
  kinds: readonly number[],
  point: Float64Array,
  gradient: Float64Array,
): number {
  const base = B + KINDS * (Math.min(names, NAME_COUNTS) - 1);
  const count = priors.length;
  const scores = new Float64Array(count);
  const views = new Float64Array(count * kinds.length); // share of each view in its candidate's z
  for (let at = 0; at < count; at++) {
    const own = cosines[at];
    const z = kinds.map((kind, v) => (own ? point[A]! * own[v]! : point[M]!) + point[base + kind]!);
    const highest = Math.max(...z);
    const total = z.reduce((sum, one) => sum + Math.exp(one - highest), 0);
    scores[at] = point[T]! * priors[at]! + highest + Math.log(total);
    for (let v = 0; v < kinds.length; v++) views[at * kinds.length + v] = Math.exp(z[v]! - highest) / total;
  }
  const highest = scores.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
  const total = scores.reduce((sum, score) => sum + Math.exp(score - highest), 0);
  for (let at = 0; at < count; at++) {
    const slope = Math.exp(scores[at]! - highest) / total - (at === right ? 1 : 0);
    gradient[T]! += slope * priors[at]!;
    const own = cosines[at];
    for (let v = 0; v < kinds.length; v++) {
      const share = slope * views[at * kinds.length + v]!;
      if (own) gradient[A]! += share * own[v]!;
      else gradient[M]! += share;
      gradient[base + kinds[v]!]! += share;
    }
  }
  return highest + Math.log(total) - scores[right]!;
}
