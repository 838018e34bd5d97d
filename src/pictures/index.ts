export { type EmbedOptions, embedPictures } from "./embed.js";
export {
  type Effort,
  type Features,
  type FeaturesOptions,
  openFeatures,
  type PictureVectors,
} from "./features.js";
export { isBadPicture } from "./image-file.js";
export {
  type ImageNeed,
  type ImageSource,
  type OpenImages,
  openPictures,
  type Pictures,
  type PicturesOptions,
} from "./pictures.js";
export { fileBelow, listImages, realFolder } from "./safe-path.js";
