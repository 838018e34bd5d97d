export { type PictureCaptionOptions, pictureCaptions } from "./captions.js";
export { type Person, type PersonsByImage, personsByImage } from "./persons.js";
export { writeSidecar } from "./sidecar.js";
