export { exportCaptions, finished } from "./export.js";
export { fits, join } from "./join.js";
export { type BadLine, type FileContents, readFile } from "./read-file.js";
export { itemToWire } from "./to-item.js";
