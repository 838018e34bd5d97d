export { aboutEntity } from "./candidate.js";
export { html, type Markup, trusted } from "./escape.js";
export {
  captionPicture,
  isAsAnnotated,
  type LinkedCaption,
  type LinksPageOptions,
  linksPage,
  marked,
  nameOf,
  picturePaths,
} from "./links.js";
export { page } from "./page.js";
export { type EmbeddedPictures, pictureOf } from "./picture.js";
