export { captionFromWire, captionToWire } from "./caption.js";
export { type ContinuedLinks, continueLinks, type Origin } from "./continue-links.js";
export { type EntityMapping, parseMapping, readMapping } from "./csv/mapping.js";
export { type Displacy, displacySchema, linksToDisplacy } from "./displacy.js";
export { entityFromWire, entityToWire } from "./entity.js";
export { excerptOf, type Line, linesOf } from "./lines.js";
export { linksFromWire, linksToWire } from "./links.js";
export {
  createLineFile,
  type LineFile,
  writeAtomically,
  writeBytesAtomically,
  writeLines,
  writingError,
} from "./output.js";
export { parseWire } from "./parse.js";
export type { FileFormat, Read, ReadOptions, Rejected } from "./read.js";
export { type CaptionReadOptions, readCaptions } from "./read-captions.js";
export { readEntities } from "./read-entities.js";
export { type LinkReadOptions, readLinks } from "./read-links.js";
export { formatOf } from "./records.js";
export { rejectLine } from "./rejects.js";
export {
  type CaptionRequest,
  captionRequestSchema,
  type LinkBatch,
  type LinkBatchRequest,
  type LinkFormat,
  type LinkOptions,
  type LinkRequest,
  linkBatchRequestSchema,
  linkBatchSchema,
  linkFormatSchema,
  linkOptionsSchema,
  linkRequestSchema,
  type ModelsAnswer,
  modelsSchema,
  type Problem,
  problemSchema,
  type SearchAnswer,
  searchSchema,
} from "./service.js";
export { bytesOf, readIds, readJson, type Source } from "./source.js";
export { type AnnotationPage, annotationPageSchema, linksToAnnotations } from "./web-annotation.js";
export {
  captionSchema,
  entitySchema,
  linksSchema,
  MAX_NAME_LENGTH,
  type WireCaption,
  type WireEntity,
  type WireLinks,
} from "./wire.js";
export { type CaptionWriteOptions, captionLines } from "./write-captions.js";
export { type EntityWriteOptions, entityLines } from "./write-entities.js";
export { type LinkFileFormat, type LinkWriteOptions, linkLines } from "./write-links.js";
