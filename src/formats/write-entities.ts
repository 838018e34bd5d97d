import type { Entity } from "../core/index.js";
import { csvLine } from "./csv/cells.js";
import { entityColumns, entityRow } from "./csv/entity.js";
import { entityToWire } from "./entity.js";

/** CSV has to know its property columns before the first row: gather them in a pass of their own. */
export type EntityWriteOptions =
  | { readonly format?: "jsonl" }
  | { readonly format: "csv"; readonly properties: readonly string[] };

/**
 * The lines of an entity file, each with its line feed. `readEntities` gives back exactly these entities.
 * `ENTITY_INVALID` when CSV has no column for a property.
 */
export async function* entityLines(
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  options: EntityWriteOptions = {},
): AsyncGenerator<string> {
  if (options.format === "csv") yield csvLine(entityColumns(options.properties));
  for await (const entity of entities) {
    const wire = entityToWire(entity);
    yield options.format === "csv"
      ? csvLine(entityRow(wire, options.properties))
      : `${JSON.stringify(wire)}\n`;
  }
}
