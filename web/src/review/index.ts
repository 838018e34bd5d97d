export { type BeforeAfter, beforeAfter, changedByOthers } from "./before-after.js";
export { aloneOf, chosen, linkOf, type Occurrence, otherEntities, proposed, sameGold } from "./links.js";
export { type Piece, pieces, type Span, tidySpan } from "./marks.js";
export { isCertain, nextUnsure, type Progress, progressOf, unsureFirst } from "./progress.js";
export { type Action, EMPTY, reduce } from "./reducer.js";
export type {
  Cursor,
  Gold,
  Item,
  Linking,
  Mark,
  State,
  WireCandidate,
  WireCaption,
  WireLinks,
  WireMentionLink,
} from "./types.js";
