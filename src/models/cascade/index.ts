export { type CascadeParts, createCascade } from "./cascade.js";
export { type Selection, selectionSchema } from "./select.js";
