export { isWikidata } from "./is-wikidata.js";
export {
  openWikidata,
  type WikidataOptions,
  type WikidataReader,
  type WikidataReport,
} from "./open-wikidata.js";
export { PAPER_PROPERTIES, type PropertyMap, readPropertyMap } from "./property-map.js";
export type { DumpProgress } from "./read-dump.js";
export { readIdFile } from "./read-id-file.js";
export type { WikidataSettings } from "./settings.js";
