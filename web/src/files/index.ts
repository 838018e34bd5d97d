export { itemToWire } from "./captions.js";
export { exportCaptions, finished } from "./export.js";
export { fits, join } from "./join.js";
export { type BadLine, type FileContents, readFile } from "./read.js";
