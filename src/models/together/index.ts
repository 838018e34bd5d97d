/**
 * How the mentions of a caption are resolved together: `together.ts` computes the probabilities of the candidates, and
 * `decide-caption.ts` prepares its input from a model's scores for a caption.
 */
export { byPosition, type DecidedMention, decideCaption, type Supporter } from "./decide-caption.js";
export { NIL } from "./together.js";
