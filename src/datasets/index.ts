export { divided } from "./divide.js";
export { buildNewsmel } from "./newsmel/build.js";
export type { FindPicture } from "./newsmel/pictures.js";
export { readCaptionFolder } from "./newsmel/read-folder.js";
export type { NewsmelResult } from "./newsmel/report.js";
export { DATASETS, type Dataset, readWikimelCaptions, readWikimelEntities } from "./published.js";
export { type CaptionStats, createCaptionCounter } from "./stats.js";
