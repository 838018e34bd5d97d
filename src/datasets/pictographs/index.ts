export { buildPictographs } from "./build.js";
