export { checkBytes, IMAGE_LIMITS, type ImageLimits } from "./decode.js";
export { decodeImage } from "./decode-pool.js";
export { type ImageEncoder, type ImageEncoderOptions, openImageEncoder } from "./encoder.js";
export { findImageEncoder, type ImageEncoderFiles, isBundledEncoder } from "./find-encoder.js";
export { type Box, cropPixels, type Pixels } from "./pixels.js";
export { loadSharp } from "./sharp.js";
