export { describeLexicalModel, loadLexicalModel } from "./load.js";
export { createLexicalModel } from "./model.js";
export type { EntityMix } from "./pairs.js";
export type { LexicalWeights } from "./weights.js";
