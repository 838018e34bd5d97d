import type { Caption, Entity } from "../core/index.js";
import { readRichpediaEntities, readWikimelEntities } from "./entities.js";
import { readRichpediaCaptions } from "./richpedia.js";
import { readWikimelCaptions } from "./published.js";

export { readWikimelEntities } from "./entities.js";
export {
  buildNewsmel,
  type FindPicture,
  type NewsmelResult,
  readCaptionFolder,
} from "./newsmel/index.js";
export { readWikimelCaptions } from "./published.js";

/** A public data set in the folder its authors publish. */
export interface Dataset {
  readonly captions: (folder: string, split: string) => AsyncIterable<Caption>;
  readonly entities: (folder: string) => AsyncIterable<Entity>;
}

/** The public data sets that can be read, by the name that `--format` takes. */
export const DATASETS = {
  wikimel: { captions: readWikimelCaptions, entities: readWikimelEntities },
  richpedia: { captions: readRichpediaCaptions, entities: readRichpediaEntities },
} as const satisfies Readonly<Record<string, Dataset>>;
