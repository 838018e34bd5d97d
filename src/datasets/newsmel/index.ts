export { buildNewsmel } from "./build.js";
export type { FindPicture } from "./pictures.js";
export { readCaptionFolder } from "./read-folder.js";
export type { NewsmelResult } from "./report.js";
