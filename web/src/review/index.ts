export { type BeforeAfter, beforeAfter, heardOthers } from "./before-after.js";
export { aloneOf, chosen, linkOf, proposed, sameGold } from "./links.js";
export { type Piece, pieces } from "./marks.js";
export { type Progress, progressOf } from "./progress.js";
export { doubtOf, nextUnsure, SURE, unsureFirst } from "./progress-and-doubt.js";
export { type Action, EMPTY, reduce } from "./reducer.js";
export { type Span, tidySpan } from "./spans.js";
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
