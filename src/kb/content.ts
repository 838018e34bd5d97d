import { createHash } from "node:crypto";
import { type Entity, MmelError } from "../core/index.js";

/** `Manifest.schema` of what this program writes; it reads this and nothing newer. */
export const SCHEMA = 1;

/**
 * The entity as one line of JSON with its fields and properties in one order, so that equal entities give equal lines whatever made
 * them. JSON escapes NUL and lone surrogates; they come back as they were. `ENTITY_INVALID` for what it cannot hold.
 */
export function encodeEntity(entity: Entity): string {
  const { id, label, aliases, description, properties, images, popularity, url } = entity;
  if (id === "") throw invalid("an entity without an id", `label ${JSON.stringify(label)}`, "an id");
  if (popularity !== undefined && !(Number.isFinite(popularity) && popularity >= 0))
    throw invalid(`popularity ${popularity}`, `entity ${id}`, "a finite number, at least 0");
  const sorted = Object.fromEntries(Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify({ id, label, aliases, description, properties: sorted, images, popularity, url });
}

export function decodeEntity(line: string): Entity {
  return JSON.parse(line) as Entity;
}

/** An entity's names, label first. */
export function namesOf(entity: Entity): readonly string[] {
  return [entity.label, ...entity.aliases];
}

/** Makes `Manifest.version` from the encoded entities, which must come in order of id. */
export function createVersionHash(): { add(line: string): void; version(): string } {
  const hash = createHash("sha256");
  return {
    add: (line) => hash.update(line).update("\n"),
    version: () => hash.digest("hex").slice(0, 16),
  };
}

function invalid(what: string, where: string, expected: string): MmelError {
  return new MmelError("ENTITY_INVALID", { what, where, expected });
}
