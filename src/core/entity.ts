import { cutEcho } from "./echo.js";
import { MmelError } from "./errors.js";
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

/** An entity as passed to `createLinker` and `importKb`. Only `id` and `label` are required. */
export type EntityInput = Pick<Entity, "id" | "label"> & {
  readonly [Field in Exclude<keyof Entity, "id" | "label">]?: Entity[Field] | undefined;
};

/**
 * Checks an entity and returns it with empty values for missing aliases, properties and images. Throws `ENTITY_INVALID`
 * if a field has another type.
 */
export function entityOf(input: EntityInput): Entity {
  const { id, label, aliases = [], description, properties = {}, images = [], popularity, url } = input;
  const reject = (field: string, expected: string): never => {
    const where = `entity ${cutEcho(JSON.stringify(id) ?? "without an id")}`;
    throw new MmelError("ENTITY_INVALID", { what: `${field}: is missing or invalid`, where, expected });
  };
  if (!isText(id)) reject("id", "a text");
  if (!isText(label)) reject("label", "a text");
  if (!isListOf(aliases, isText)) reject("aliases", "a list of texts");
  if (description !== undefined && typeof description !== "string") reject("description", "a text");
  if (typeof properties !== "object" || properties === null) reject("properties", "lists of texts by name");
  for (const [name, values] of Object.entries(properties))
    if (!isListOf(values, isText)) reject(`properties.${cutEcho(name)}`, "a list of texts");
  if (!isListOf(images, isText)) reject("images", "a list of paths or addresses");
  if (popularity !== undefined && typeof popularity !== "number") reject("popularity", "a number");
  if (url !== undefined && typeof url !== "string") reject("url", "a text");
  return {
    id,
    label,
    aliases,
    properties,
    images,
    ...(description !== undefined && { description }),
    ...(popularity !== undefined && { popularity }),
    ...(url !== undefined && { url }),
  };
}

const isText = (value: unknown): value is string => typeof value === "string";
const isListOf = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isItem);
