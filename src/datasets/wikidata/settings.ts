import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { readJson } from "../../formats/index.js";
import type { IdSet } from "./id-set.js";

/** Settings that select the data to import from Wikidata. Plain data, because they are copied to worker threads. */
export interface WikidataSettings {
  /** Languages of names and texts, in order of preference: `["en", "de"]`. */
  readonly languages: readonly string[];
  /**
   * Items whose direct instances (P31) are imported, such as `["Q5"]`. Instances of their subclasses are not imported.
   */
  readonly instanceOf: readonly string[];
  /**
   * Items to import in addition to the instances that `instanceOf` selects. If `instanceOf` is empty and `ids` is
   * undefined, every item is imported.
   */
  readonly ids?: IdSet;
  readonly properties: PropertyMap;
}

/** Returns whether the settings exclude any items. */
export const isFiltered = ({ instanceOf, ids }: WikidataSettings): boolean =>
  instanceOf.length > 0 || ids !== undefined;

/**
 * Maps Wikidata properties to the names of entity properties. A key such as `P569+P19` combines the most precise date
 * and the first place into one value: `1891, Central Falls`. If several keys map to the same name, the property gets
 * the values of all of them.
 */
export type PropertyMap = Readonly<Record<string, string>>;

/** The properties that the paper uses. */
export const PAPER_PROPERTIES: PropertyMap = {
  P1449: "nickname",
  P21: "sex",
  "P569+P19": "birth",
  "P570+P20": "death",
  P140: "religion",
  P106: "occupation",
  P26: "spouse",
  P1412: "languages",
  P69: "almaMater",
  P2031: "workStart",
};

const key = z.string().regex(/^P[1-9]\d*(\+P[1-9]\d*)*$/, {
  error: ({ input }) =>
    `"${String(input)}" is neither a property such as P106 nor a combination such as P569+P19`,
});
const mapSchema = z.record(key, z.string().trim().min(1));

/**
 * Reads a property map from a JSON file such as `{"P106":"occupation","P569+P19":"birth"}`. Throws `CONFIG` if the JSON
 * is not such an object, and the errors of `readJson`.
 */
export async function readPropertyMap(path: string): Promise<PropertyMap> {
  const parsed = mapSchema.safeParse(await readJson(path));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new MmelError("CONFIG", {
    what:
      issue?.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : (issue?.message ?? ""),
    where: path,
    expected: '{"P106":"occupation","P569+P19":"birth",…}',
  });
}
