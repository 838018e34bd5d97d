export { type FitOptions, fitLexical } from "./fit-lexical.js";
export { readLexicalData } from "./lexical-data.js";
