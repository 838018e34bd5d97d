/** Longest id of an entity in UTF-16 code units: what PostgreSQL's indexes take, and so every store alike. */
export const MAX_ID_LENGTH = 1_300;

/** A node of the knowledge base with the part of its neighbourhood that a linker may use. */
export interface Entity {
  /** Any string but "", of at most `MAX_ID_LENGTH`. */
  readonly id: string;
  readonly label: string;
  readonly aliases: readonly string[];
  readonly description?: string;
  /** Property name to its values, both in the order given: `birth` → `["1891, Central Falls"]`. */
  readonly properties: Readonly<Record<string, readonly string[]>>;
  /** Paths below the images folder; or addresses, of which only files of Wikimedia Commons have a place there: `localImage`. */
  readonly images: readonly string[];
  /** The knowledge base's own measure of fame (sitelinks, page views): finite, at least 0. */
  readonly popularity?: number;
  readonly url?: string;
}

/** An entity as code may give it: only `id` and `label` are required. */
export type EntityInput = Pick<Entity, "id" | "label"> & Partial<Entity>;

/** The entity with empty lists for what was not given. */
export const entityOf = (input: EntityInput): Entity => ({
  aliases: [],
  properties: {},
  images: [],
  ...input,
});
