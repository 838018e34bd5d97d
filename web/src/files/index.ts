export { captionOf, exportCaptions, jsonLines, withAllDecided } from "./captions.js";
export { decidedLinks } from "./decided-links.js";
export { fileLines, linesOf } from "./lines.js";
export { type BadLine, type FileContents, fitsCaption, joinLinks, readCaption, readRecords } from "./read.js";
export { reviewTable, tableToCsv, tableToXlsx } from "./table.js";
