export {
  aboutEntity,
  captionPicture,
  isAsAnnotated,
  type LinkedCaption,
  type LinksPageOptions,
  linksPage,
  marked,
  nameOf,
  picturePaths,
} from "./links-page.js";
export { type EmbeddedPictures, html, type Markup, page, pictureOf, trusted } from "./page.js";
