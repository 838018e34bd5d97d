export { type CascadeParts, createCascade } from "./cascade.js";
export { loadCascade } from "./load.js";
export { priorsOf } from "./prior.js";
export { type Selection, selectionSchema } from "./select.js";
