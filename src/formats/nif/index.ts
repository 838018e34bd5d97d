/** NIF 2.0, the format of GERBIL. Loads n3, so import it only where NIF is read or written. */
export { nifRecords } from "./read.js";
export {
  captionToNif,
  linksToNif,
  type NifOptions,
  type NifText,
  nifHeader,
} from "./write.js";
