export { type FitOptions, fitLexical, type LexicalData, readLexicalData } from "./fit-lexical.js";
