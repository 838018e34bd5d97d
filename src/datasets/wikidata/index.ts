export { isWikidata } from "./dump-bytes.js";
export { readIdFile } from "./id-set.js";
export {
  openWikidata,
  type WikidataOptions,
  type WikidataReader,
  type WikidataReport,
} from "./open-wikidata.js";
export type { DumpProgress } from "./read-dump.js";
export {
  PAPER_PROPERTIES,
  type PropertyMap,
  readPropertyMap,
  type WikidataSettings,
} from "./settings.js";
