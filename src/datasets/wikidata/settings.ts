import type { IdSet } from "./id-set.js";
import type { PropertyMap } from "./property-map.js";

/** What is taken out of Wikidata. Plain data: threads get copies of it. */
export interface WikidataSettings {
  /** Languages of names and texts, the most wanted first: `["en", "de"]`. */
  readonly languages: readonly string[];
  /** Entities with one of these as an instance-of (P31) are taken, such as `["Q5"]`; their subclasses are not followed. */
  readonly instanceOf: readonly string[];
  /** Entities taken in any case. With neither this nor `instanceOf` every item is. */
  readonly ids?: IdSet;
  readonly properties: PropertyMap;
}

/** Whether anything narrows down what is taken. */
export const isFiltered = ({ instanceOf, ids }: WikidataSettings): boolean =>
  instanceOf.length > 0 || ids !== undefined;
