export { createLexicalModel, describeLexicalModel, loadLexicalModel } from "./lexical-model.js";
export { hashWeights, type LexicalWeights, readLexicalWeights } from "./weights.js";
