import { MmelError } from "../../core/index.js";
import type { WireEntity } from "../wire.js";
import { numberIn } from "./cells.js";
import { type EntityMapping, isList, LISTS, PROPERTY } from "./mapping.js";

/** How `recordsOf` reads a mapped file. */
export function mappedForm(mapping: EntityMapping) {
  return {
    required: Object.keys(mapping.columns),
    ...(mapping.delimiter !== undefined && { delimiter: mapping.delimiter }),
    rows: (cells: ReadonlyMap<string, string>): unknown => entityFromMapped(cells, mapping),
  };
}

function entityFromMapped(cells: ReadonlyMap<string, string>, mapping: EntityMapping): unknown {
  const single = new Map<string, string>();
  const lists = new Map<string, string[]>();
  const add = (name: string, values: readonly string[]): void => {
    if (isList(name)) lists.set(name, [...(lists.get(name) ?? []), ...values]);
    else single.set(name, values[0] ?? "");
  };
  for (const [column, to] of Object.entries(mapping.columns)) {
    const cell = cells.get(column);
    if (cell !== undefined) add(to.field, valuesOf(cell, to.separator));
  }
  for (const [name, constant] of Object.entries(mapping.constants ?? {}))
    add(
      name,
      [constant].flat().filter((one) => !lists.get(name)?.includes(one)),
    );
  const properties = [...lists].filter(([name]) => name.startsWith(PROPERTY));
  return {
    ...Object.fromEntries(single),
    ...(single.has("popularity") && { popularity: numberIn(single.get("popularity")) }),
    ...Object.fromEntries(LISTS.flatMap((name) => (lists.has(name) ? [[name, lists.get(name)]] : []))),
    properties: Object.fromEntries(properties.map(([name, values]) => [name.slice(PROPERTY.length), values])),
  };
}

function valuesOf(cell: string, separator: string | undefined): string[] {
  if (separator === undefined) return [cell];
  return cell
    .split(separator)
    .map((value) => value.trim())
    .filter((value) => value !== "");
}

export const mappedColumns = (mapping: EntityMapping): string[] => Object.keys(mapping.columns);

/**
 * The row of an entity, cells in the order of `mappedColumns`. Fields without a column are left out, and so are the
 * constants; several values without a separator, or one that holds it, are `ENTITY_INVALID`.
 */
export function mappedRow(entity: WireEntity, mapping: EntityMapping): string[] {
  const written = new Set<string>();
  return Object.entries(mapping.columns).map(([column, { field: name, separator }]) => {
    if (written.has(name)) return "";
    written.add(name);
    const constants = [mapping.constants?.[name] ?? []].flat();
    return cellOf(fieldValues(entity, name, constants), separator, `entity ${entity.id}, column ${column}`);
  });
}

function fieldValues(entity: WireEntity, name: string, constants: readonly string[]): readonly string[] {
  const { properties = {}, ...rest } = entity;
  const value = name.startsWith(PROPERTY)
    ? Object.hasOwn(properties, name.slice(PROPERTY.length))
      ? properties[name.slice(PROPERTY.length)]
      : undefined
    : rest[name as keyof typeof rest];
  const values = value === undefined ? [] : [value].flat().map(String);
  return values.filter((one) => !constants.includes(one));
}

function cellOf(values: readonly string[], separator: string | undefined, where: string): string {
  const unfit = (what: string): MmelError =>
    new MmelError("ENTITY_INVALID", {
      what,
      where,
      expected: "values that the mapping can hold",
      hint: "another separator in the mapping",
    });
  if (separator === undefined) {
    if (values.length > 1) throw unfit(`${values.length} values and no separator`);
    return values[0] ?? "";
  }
  const bad = values.find((value) => value.includes(separator) || value !== value.trim() || value === "");
  if (bad !== undefined) throw unfit(`the separator or blanks in ${JSON.stringify(bad.slice(0, 80))}`);
  return values.join(separator);
}
