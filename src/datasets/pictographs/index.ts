export { buildPictographs, type PictographProgress } from "./build.js";
