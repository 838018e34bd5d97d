export { captionOf, exportCaptions, withAllDecided } from "./captions.js";
export { decidedLinks } from "./decided-links.js";
export { type BadLine, type FileContents, fitsCaption, joinLinks, readFile } from "./read.js";
export { reviewTable, tableToCsv, tableToXlsx } from "./table.js";
