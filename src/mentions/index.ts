export { createDetector, type Detection, type Detector, type NameSource } from "./detect.js";
export { type ImpliedName, impliedNames, withFullNames } from "./implied-names.js";
export type { KnownName } from "./known-names.js";
export { namesWithoutRole, withoutRoles } from "./leading-roles.js";
export { detectPeople, type PersonName } from "./tagger.js";
export { createThreadedDetector } from "./threaded-detector.js";
