import { MmelError } from "../../core/index.js";
import type { WireEntity } from "../wire.js";
import { joinList, numberIn, splitList } from "./cells.js";

const PROPERTY = "properties.";
const COLUMNS = ["id", "label", "aliases", "description", "images", "popularity", "url"] as const;

/**
 * The columns of entities that have these properties: `properties.occupation` and so on. `ENTITY_INVALID` for a name
 * that a header cannot hold: with a line break, or blanks around it.
 */
export function entityColumns(properties: readonly string[]): string[] {
  const unfit = properties.find((name) => /[\r\n]/.test(name) || name !== name.trim());
  if (unfit !== undefined) {
    throw new MmelError("ENTITY_INVALID", {
      what: `property ${JSON.stringify(unfit)} cannot be the name of a CSV column`,
      hint: "JSON Lines",
    });
  }
  return [...COLUMNS, ...properties.map((name) => PROPERTY + name)];
}

/** The row of an entity, cells in the order of `entityColumns(properties)`. */
export function entityRow(entity: WireEntity, properties: readonly string[]): string[] {
  const values = new Map(Object.entries(entity.properties ?? {}));
  const missing = [...values.keys()].find((name) => !properties.includes(name));
  if (missing !== undefined) {
    throw new MmelError("ENTITY_INVALID", {
      what: `property "${missing}" has no column`,
      where: `entity ${entity.id}`,
      expected: `one of ${properties.join(", ") || "no property at all"}`,
    });
  }
  const { id, label, aliases = [], description = "", images = [], popularity = "", url = "" } = entity;
  const lists = properties.map((name) => joinList(values.get(name) ?? []));
  return [id, label, joinList(aliases), description, joinList(images), String(popularity), url, ...lists];
}

/** The wire entity of a row; columns that entities do not have are passed on, for the warning. */
export function entityFromRow(cells: ReadonlyMap<string, string>): unknown {
  const properties: [string, string[]][] = [];
  const fields: [string, unknown][] = [];
  for (const [column, cell] of cells) {
    if (column.startsWith(PROPERTY)) properties.push([column.slice(PROPERTY.length), splitList(cell)]);
    else if (column === "aliases" || column === "images") fields.push([column, splitList(cell)]);
    else fields.push([column, column === "popularity" ? numberIn(cell) : cell]);
  }
  return { ...Object.fromEntries(fields), properties: Object.fromEntries(properties) };
}
