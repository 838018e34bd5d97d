export { listImages } from "./list.js";
export {
  type Effort,
  type Features,
  type FeaturesOptions,
  openFeatures,
  type PictureVectors,
} from "./open.js";
export { isBadPicture } from "./source.js";
