export { PICTOGRAPHS_VERSION } from "./artists.js";
export { buildPictographs, type PictographProgress } from "./build.js";
