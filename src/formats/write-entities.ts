import type { Entity } from "../core/index.js";
import { entityColumns, entityRow } from "./csv/columns.js";
import type { EntityMapping } from "./csv/mapping.js";
import { mappedColumns, mappedRow } from "./csv/mapping.js";
import { csvLine } from "./csv/rows.js";
import { entityToWire } from "./entity.js";
import type { WireEntity } from "./wire.js";

/** CSV has to know its property columns before the first row: gather them in a pass of their own. */
export type EntityWriteOptions =
  | { readonly format?: "jsonl" }
  | { readonly format: "csv"; readonly properties: readonly string[] }
  | { readonly format: "csv"; readonly mapping: EntityMapping };

/**
 * The lines of an entity file, each with its line feed. `readEntities` gives back exactly these entities; with a mapping,
 * what it has columns for. `ENTITY_INVALID` when CSV has no column for a property, or a mapped cell cannot hold a value.
 */
export async function* entityLines(
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  options: EntityWriteOptions = {},
): AsyncGenerator<string> {
  const table = options.format === "csv" ? tableOf(options) : undefined;
  if (table !== undefined) yield table.header;
  for await (const entity of entities) {
    const wire = entityToWire(entity);
    yield table?.row(wire) ?? `${JSON.stringify(wire)}\n`;
  }
}

function tableOf(options: Extract<EntityWriteOptions, { format: "csv" }>) {
  if ("mapping" in options) {
    const { mapping } = options;
    return {
      header: csvLine(mappedColumns(mapping), mapping.delimiter),
      row: (wire: WireEntity) => csvLine(mappedRow(wire, mapping), mapping.delimiter),
    };
  }
  const { properties } = options;
  return {
    header: csvLine(entityColumns(properties)),
    row: (wire: WireEntity) => csvLine(entityRow(wire, properties)),
  };
}
