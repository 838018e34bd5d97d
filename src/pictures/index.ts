/**
 * Vectors of pictures, computed once per file content and stored: `safe-path.ts` resolves untrusted paths, `image-file.ts` reads
 * files, `views.ts` cuts them, `batcher.ts` feeds the encoder, `vector-store.ts` keeps the vectors, and `features.ts` combines these.
 * `pictures.ts` gives models the vectors of captions and entities; `embed.ts` makes small copies for pages.
 */
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
