import { createHash } from "node:crypto";
import { type Entity, MAX_ID_LENGTH, MmelError } from "../core/index.js";

/** `Manifest.schema` of what this program writes; it reads this and nothing newer. */
export const SCHEMA = 1;

/**
 * The entity as one line of JSON with its fields in one order, so that equal entities give equal lines whatever made
 * them. JSON escapes NUL and lone surrogates; they come back as they were. `ENTITY_INVALID` for what it cannot hold.
 */
export function encodeEntity(entity: Entity): string {
  const { id, label, aliases, description, properties, images, popularity, url } = entity;
  if (id === "") throw invalid("an entity without an id", `label ${JSON.stringify(label)}`, "an id");
  if (id.length > MAX_ID_LENGTH)
    throw invalid(
      `an id of ${id.length} characters`,
      `entity ${id.slice(0, 40)}…`,
      `at most ${MAX_ID_LENGTH} characters`,
    );
  if (popularity !== undefined && !(Number.isFinite(popularity) && popularity >= 0))
    throw invalid(`popularity ${popularity}`, `entity ${id}`, "a finite number, at least 0");
  return JSON.stringify({ id, label, aliases, description, properties, images, popularity, url });
}

export function decodeEntity(line: string): Entity {
  return JSON.parse(line) as Entity;
}

/** An entity's names, label first. */
export function namesOf(entity: Entity): readonly string[] {
  return [entity.label, ...entity.aliases];
}

/**
 * Makes `Manifest.version` from the encoded entities, which must come in order of id. The order of an entity's properties
 * does not count: CSV has one for all.
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

/** An id as bytes that a database orders as JavaScript orders strings: big-endian UTF-16. */
export function keyOf(id: string): Buffer {
  return Buffer.from(id, "utf16le").swap16();
}
