export { loadCascade } from "./load.js";
export { type CascadeParts, createCascade } from "./model.js";
export { priorsOf } from "./prior.js";
export { type Selection, selectionSchema } from "./select.js";
