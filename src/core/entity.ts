/** Maximum length of an entity id in UTF-16 code units: the limit of PostgreSQL's indexes, applied by every store. */
export const MAX_ID_LENGTH = 1_300;

/** A node of the knowledge base, with the neighbouring facts that a linker may use. */
export interface Entity {
  /** Not empty, at most `MAX_ID_LENGTH` long. */
  readonly id: string;
  readonly label: string;
  readonly aliases: readonly string[];
  readonly description?: string;
  /** Values by property name, in the given order: `birth` → `["1891, Central Falls"]`. */
  readonly properties: Readonly<Record<string, readonly string[]>>;
  /** Paths below the images folder, or addresses; `localImage` maps addresses of Wikimedia Commons files to paths. */
  readonly images: readonly string[];
  /** How well known the entity is (sitelinks, page views): finite, at least 0. */
  readonly popularity?: number;
  readonly url?: string;
}

/** What `createLinker` accepts as an entity: only `id` and `label` are required. */
export type EntityInput = Pick<Entity, "id" | "label"> & Partial<Entity>;

/** The entity with empty lists for missing fields. */
export const entityOf = (input: EntityInput): Entity => ({
  aliases: [],
  properties: {},
  images: [],
  ...input,
});
