/**
 * Vectors of pictures, which are computed once per file content and stored. `safe-path.ts` resolves untrusted paths,
 * `image-file.ts` reads files, `views.ts` cuts pictures into views, `batcher.ts` passes them to the encoder in batches,
 * `vector-store.ts` stores the vectors, and `features.ts` combines these steps. `pictures.ts` provides models with the
 * vectors of captions and entities. `embed.ts` creates small copies of pictures for HTML pages.
 */
export { createEmbedder, type Embedder, type EmbedOptions } from "./embed.js";
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
