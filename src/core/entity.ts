/**
 * Maximum length of an entity id, in UTF-16 code units. PostgreSQL's indexes impose this limit, and every store
 * applies it.
 */
export const MAX_ID_LENGTH = 1_300;

/** An entity in a knowledge base, with the facts that a linker may use. */
export interface Entity {
  /** A non-empty text of at most `MAX_ID_LENGTH` code units. */
  readonly id: string;
  readonly label: string;
  readonly aliases: readonly string[];
  readonly description?: string;
  /** Lists of values by property name, in the order of the source: `birth` → `["1891, Central Falls"]`. */
  readonly properties: Readonly<Record<string, readonly string[]>>;
  /** Paths relative to the images folder, or URLs. `localImage` maps URLs of Wikimedia Commons files to paths. */
  readonly images: readonly string[];
  /** Measure of how well known the entity is, such as its number of sitelinks or page views. Finite and at least 0. */
  readonly popularity?: number;
  readonly url?: string;
}

/** An entity as passed to `createLinker`. Only `id` and `label` are required. */
export type EntityInput = Pick<Entity, "id" | "label"> & Partial<Entity>;

/** Returns the entity with empty values for missing aliases, properties and images. */
export const entityOf = (input: EntityInput): Entity => ({
  aliases: [],
  properties: {},
  images: [],
  ...input,
});
