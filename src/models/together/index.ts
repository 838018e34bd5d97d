/**
 * How the names of a caption decide together: `together.ts` computes the probabilities, and `decide-caption.ts` applies it to
 * the scores of a caption.
 */
export { byPosition, type DecidedMention, decideCaption, type Supporter } from "./decide-caption.js";
export { NIL } from "./together.js";
