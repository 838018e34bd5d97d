export {
  type PictureCaption,
  type PictureCaptionOptions,
  pictureCaption,
  pictureCaptions,
} from "./captions.js";
export { type Person, type PersonsByImage, personsByImage, writeSidecar } from "./sidecar.js";
