export {
  type ImageLikeness,
  type ImageLikenessConfig,
  likenessOf,
  NAME_COUNTS,
  nearestCosines,
  VIEW_KINDS,
  viewKinds,
} from "./likeness.js";
export { copyImageLikeness, saveImageLikeness } from "./likeness-files.js";
export { createImageLikenessModel, withImageLikeness } from "./likeness-model.js";
export { createProjector } from "./projector.js";
