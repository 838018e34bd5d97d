/**
 * The files of mmel: readers and writers of captions, entities and links, and their wire formats. Needs Node.js. A bundler
 * for browsers (export condition `browser`) uses the part that runs there: the schemas of the wire formats, and
 * the conversions of values in memory.
 * @module mmel/formats
 */
export { arrangeLinks } from "./arrange-links.js";
export * from "./browser.js";
export { type ContinuedLinks, continueLinks, type Origin } from "./continue-links.js";
export {
  CAPTION_FIELDS,
  type CaptionMapping,
  parseCaptionMapping,
  readCaptionMapping,
} from "./csv/caption-mapping.js";
export { type EntityMapping, hasColumns, parseMapping, readMapping } from "./csv/mapping.js";
export { entitySummary } from "./entity-summary.js";
export { excerptOf, type Line, linesOf } from "./lines.js";
export { type LinksIndex, openLinksIndex } from "./links-index.js";
export {
  createLineFile,
  type LineFile,
  writeAtomically,
  writeBytesAtomically,
  writeLines,
  writingError,
} from "./output.js";
export {
  type CaptionReadOptions,
  type LinkReadOptions,
  readCaptions,
  readEntities,
  readLinks,
} from "./read.js";
export {
  type CaptionFileFormat,
  captionFormatOf,
  type FileFormat,
  formatOf,
  inputFormatOf,
  type NifSyntax,
  nifSyntaxOf,
  type Place,
  placeIn,
  type Read,
  type ReadOptions,
  type Rejected,
  rejectLine,
  uncompressedName,
} from "./record.js";
export {
  type CataloguesAnswer,
  cataloguesSchema,
  type ImportAnswer,
  importSchema,
  importStartedSchema,
  type LinkFormat,
  type LinkRequest,
  linkFormatSchema,
  linkRequestSchema,
  type PictureCaptionAnswer,
  pictureCaptionSchema,
  type TablePreviewAnswer,
  tablePreviewSchema,
} from "./service.js";
export { bytesOf, readIds, readingError, readJson, type Source } from "./source.js";
export { guessCaptionColumns } from "./table/guess-captions.js";
export { guessEntityMapping } from "./table/guess-entities.js";
export { openTable, type TableOptions } from "./table/open.js";
export { type PreviewOptions, previewTable, type TablePreview } from "./table/preview.js";
export type { MappingInUse } from "./table/records.js";
export type { Row, Table } from "./table/table.js";
export {
  type CaptionWriteOptions,
  captionLines,
  type EntityWriteOptions,
  entityLines,
  type LinkFileFormat,
  type LinkWriteOptions,
  linkLines,
} from "./write.js";
