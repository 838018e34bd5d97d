export { html, type Markup, trusted } from "./escape.js";
export { aboutEntity, isAsAnnotated, type LinkedCaption, linksPage, marked } from "./links.js";
export { page } from "./page.js";
