import { softmax } from "../softmax.js";
import type { MmelConfig } from "./config.js";

/** The nearest numbers inside (0, 1), so that no logit however large makes a score certain. */
const [LEAST, MOST] = [Number.MIN_VALUE, 1 - Number.EPSILON / 2];
export const insideUnit = (probability: number): number => Math.min(MOST, Math.max(LEAST, probability));

/**
 * m of a mention's candidates from their logits: sigmoid(l), or trained listwise the softmax of l / T over them.
 */
export function matchScores(logits: readonly number[], { loss, temperature }: MmelConfig): number[] {
  if (loss === "paper") return logits.map((l) => insideUnit(1 / (1 + Math.exp(-l))));
  return softmax(logits, temperature).map(insideUnit);
}
