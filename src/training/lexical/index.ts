export { type FitOptions, fitLexical } from "./fit-lexical.js";
export { readLexicalData, type TrainingCaption } from "./lexical-data.js";
