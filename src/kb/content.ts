import { createHash } from "node:crypto";
import { type Entity, MAX_ID_LENGTH, MmelError } from "../core/index.js";

/**
 * The value of `Manifest.schema` that this version of mmel writes, and the newest value that it can read. Layout 2 added
 * the checksums of rows and of blocks of files.
 */
export const SCHEMA = 2;

/**
 * Encodes an entity as one line of JSON with its fields in a fixed order and its properties in the entity's own order.
 * JSON escapes NUL and lone surrogates, so they survive encoding and decoding. Throws `ENTITY_INVALID` if the id is
 * empty or too long, or if the popularity is negative or not finite.
 */
export function encodeEntity(entity: Entity): string {
  const { id, label, aliases, description, properties, images, popularity, url } = entity;
  if (id === "") throw invalid("the entity has no id", `label ${JSON.stringify(label)}`, "an id");
  if (id.length > MAX_ID_LENGTH)
    throw invalid(
      `the id has ${id.length} characters`,
      `entity ${id.slice(0, 40)}…`,
      `at most ${MAX_ID_LENGTH} characters`,
    );
  if (popularity !== undefined && !(Number.isFinite(popularity) && popularity >= 0))
    throw invalid(`the popularity is ${popularity}`, `entity ${id}`, "a finite number that is at least 0");
  return JSON.stringify({ id, label, aliases, description, properties, images, popularity, url });
}

export function decodeEntity(line: string): Entity {
  return JSON.parse(line) as Entity;
}

/** Returns an entity's names, label first. */
export function namesOf(entity: Entity): readonly string[] {
  return [entity.label, ...entity.aliases];
}

/**
 * Creates a hash that computes `Manifest.version` from encoded entities, which must be added in order of id. The hash
 * ignores the order of an entity's properties, because a CSV file cannot preserve this order: its columns are the
 * same for all entities.
 */
export function createVersionHash(): { add(line: string): void; version(): string } {
  const hash = createHash("sha256");
  return {
    add: (line) => hash.update(propertiesSorted(line)).update("\n"),
    version: () => hash.digest("hex").slice(0, 16),
  };
}

function propertiesSorted(line: string): string {
  const entity = decodeEntity(line);
  const properties = Object.entries(entity.properties).sort(([a], [b]) => (a < b ? -1 : 1));
  return properties.length < 2 ? line : JSON.stringify({ ...entity, properties });
}

function invalid(what: string, where: string, expected: string): MmelError {
  return new MmelError("ENTITY_INVALID", { what, where, expected });
}

/**
 * Encodes an id as big-endian UTF-16. A database sorts these bytes in the order in which JavaScript sorts the ids.
 */
export function keyOf(id: string): Buffer {
  return Buffer.from(id, "utf16le").swap16();
}

/** Returns the id that `keyOf` encoded. */
export function idOf(key: Buffer): string {
  return Buffer.from(key).swap16().toString("utf16le");
}
