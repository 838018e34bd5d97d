export { captionList, type EmbedPictures } from "./caption-list.js";
export { anchorAddress, entityLink, markedText, percent } from "./card.js";
export { type LinksPageOptions, linksPage } from "./links-page.js";
export { listScript } from "./list-script.js";
export { type EmbeddedPictures, html, type Markup, pictureElement, trusted } from "./markup.js";
export { page, pageEnd, pageStart } from "./page.js";
export { type LinkedCaption, nameOf } from "./shown.js";
