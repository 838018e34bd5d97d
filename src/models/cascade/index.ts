export { type CascadeParts, createCascade } from "./model.js";
export { priorsOf } from "./prior.js";
export type { Selection } from "./select.js";
