export { fitImageLikeness } from "./fit-image-likeness.js";
