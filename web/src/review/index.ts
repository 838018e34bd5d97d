export { draftOf, type EntityDraft, entityOf, openFor, suggestedId } from "./additions.js";
export { beforeAfter, changedByOthers } from "./before-after.js";
export { type Choice, choicesOf } from "./choices.js";
export { excerptOf } from "./excerpt.js";
export { type Filter, filtered, isFiltering, NO_FILTER, passes, STATES } from "./filter.js";
export { foldName } from "./fold.js";
export { aloneOf, linkOf, type Occurrence, otherEntities, proposed, sameGold } from "./links.js";
export { type Piece, pieces, type Span, tidySpan } from "./marks.js";
export {
  isCertain,
  leastSure,
  nextUnsure,
  type Progress,
  progressOf,
  unsureFirst,
  waitingCount,
} from "./progress.js";
export { type Action, EMPTY, reduce } from "./reducer.js";
export {
  acceptAll,
  atLeast,
  decideAlike,
  recordOf,
  sameAs,
  type Undecided,
  undecidedNames,
} from "./together.js";
export type {
  Cursor,
  DecisionRecord,
  Gold,
  Item,
  Linking,
  Mark,
  NewEntity,
  Note,
  State,
  WireCandidate,
  WireCaption,
  WireLinks,
  WireMentionLink,
} from "./types.js";
