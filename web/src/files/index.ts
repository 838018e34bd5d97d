export { exportCaptions, itemToWire, withAllDecided } from "./captions.js";
export { type BadLine, type FileContents, fitsCaption, joinLinks, readFile } from "./read.js";
