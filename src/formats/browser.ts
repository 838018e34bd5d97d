/**
 * The part of `mmel/formats` that runs in browsers: the wire formats, conversions of values in memory, and Excel files
 * as bytes. Bundlers for browsers use this module for `mmel/formats`; it needs nothing of Node.js. Reading files, and
 * writing them to a disk, needs Node.js.
 * @module
 */
export {
  captionFromWire,
  captionToWire,
  entityFromWire,
  entityToWire,
  linksFromWire,
  linksToWire,
} from "./convert.js";
export { type Displacy, displacySchema, linksToDisplacy } from "./displacy.js";
export { type LinkRow, rowsOf } from "./link-rows.js";
export { locateNames } from "./locate-names.js";
export {
  type CaptionRequest,
  captionRequestSchema,
  type EntityAnswer,
  entityAnswerSchema,
  type LinkBatch,
  type LinkBatchRequest,
  type LinkOptions,
  linkBatchRequestSchema,
  linkBatchSchema,
  linkOptionsSchema,
  type ModelsAnswer,
  modelsSchema,
  type Problem,
  problemSchema,
  type SearchAnswer,
  searchSchema,
} from "./service.js";
export { READABLE_COLUMNS, readableRows } from "./table/readable-links.js";
export { type XlsxSheet, xlsxOf } from "./table/write-xlsx.js";
export { type AnnotationPage, annotationPageSchema, linksToAnnotations } from "./web-annotation.js";
export {
  captionSchema,
  entitySchema,
  linksSchema,
  MAX_NAME_LENGTH,
  parseWire,
  type WireCaption,
  type WireEntity,
  type WireLinks,
} from "./wire.js";
