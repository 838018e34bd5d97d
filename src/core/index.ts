export type { Candidate, CandidateRelation, CaptionCandidates, NameScores } from "./candidate.js";
export {
  type Caption,
  type CaptionInput,
  type Gold,
  goldId,
  MAX_MENTIONS,
  MAX_TYPE_LENGTH,
  type Mention,
  type Span,
  withoutGold,
} from "./caption.js";
export { COMMONS_FILES, commonsAddress, localImage } from "./commons.js";
export { counted } from "./counted.js";
export { type Entity, type EntityInput, entityOf, MAX_ID_LENGTH } from "./entity.js";
export { ERROR_CODES, type ErrorCode, type ErrorDetail, MmelError, throwIfAborted } from "./errors.js";
export { limits, percent } from "./figures.js";
export {
  type CaptionLinks,
  type CaptionSource,
  isAsAnnotated,
  type MentionLink,
  type Outcome,
  type RankedCandidate,
} from "./link.js";
export { type OffsetMap, type OffsetUnit, offsetMap } from "./offsets.js";
export { createRandom, type Random, type RandomState } from "./random.js";
