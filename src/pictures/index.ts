export { fileBelow, folderOf } from "./safe-path.js";
export { type EmbedOptions, embedPictures } from "./embed.js";
export { createGate } from "./gate.js";
export { listImages } from "./list.js";
export {
  type Effort,
  type Features,
  type FeaturesOptions,
  openFeatures,
  type PictureVectors,
} from "./features.js";
export {
  type ImageNeed,
  type OpenImages,
  openPictures,
  type Pictures,
  type PicturesOptions,
} from "./pictures.js";
export { createRecent } from "./recent.js";
export { type ImageSource, isBadPicture } from "./source.js";
