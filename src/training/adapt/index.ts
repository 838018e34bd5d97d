export { type AdaptComparison, type Adapted, type AdaptOptions, adapt, isImproved } from "./adapt.js";
export { saveAdapted } from "./save-adapted.js";
