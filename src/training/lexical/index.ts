export { type FitOptions, fitLexical, type LexicalData, readLexicalData } from "./fit.js";
