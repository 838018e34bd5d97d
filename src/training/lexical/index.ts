export { type FitOptions, fitLexical } from "./fit.js";
