/**
 * How the mentions of a caption are resolved together: `together.ts` computes the probabilities, and `decide-caption.ts` applies
 * this to the scores of a caption.
 */
export { byPosition, type DecidedMention, decideCaption, type Supporter } from "./decide-caption.js";
export { NIL } from "./together.js";
