export { type PictureCaptionOptions, pictureCaptions } from "./captions.js";
export { type Person, type PersonsByImage, personsByImage, writeSidecar } from "./sidecar.js";
