export { createLexicalModel, describeLexicalModel, loadLexicalModel } from "./lexical-model.js";
