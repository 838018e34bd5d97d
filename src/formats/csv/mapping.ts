import { z } from "zod";
import { type Entity, MmelError } from "../../core/index.js";
import { type EntityKind, fold, KIND_PROPERTY, typesOf } from "../../names/index.js";
import { readJson } from "../source.js";
import type { WireEntity } from "../wire.js";
import { parseWire } from "../wire.js";
import { PROPERTY } from "./columns.js";
import { createIdMaker } from "./id-maker.js";
import { parseNumber, splitList } from "./rows.js";

const SINGLE = ["id", "label", "description", "popularity", "url"] as const;
const LISTS = ["aliases", "images"] as const;

/** Returns whether a field can have several values. */
const isList = (field: string): boolean => LISTS.includes(field as "aliases") || field.startsWith(PROPERTY);
const field = z
  .string()
  .refine((name) => SINGLE.includes(name as "id") || (isList(name) && name !== PROPERTY), {
    error: `is not a field: expected ${[...SINGLE, ...LISTS].join(", ")} or properties.NAME`,
  });

const kind = z.enum(["person", "organisation", "place", "work"] satisfies EntityKind[], {
  error: "must be person, organisation, place or work",
});

/** The settings with which a table is opened. Default: guessed. */
export const tableShape = {
  /** The character between the cells of a text. */
  delimiter: z
    .string()
    .refine((text) => text.length === 1 && !/["\r\n]/.test(text), {
      error: "must be one character, such as ;",
    })
    .optional(),
  /** The encoding of a text, such as `windows-1250`. */
  encoding: z.string().min(1).optional(),
  /** Name of the sheet of an Excel file. */
  sheet: z.string().min(1).optional(),
  /** Number of the line or row that names the columns, counted from 1. The rows above it are left out. */
  headerRow: z.int().min(1).optional(),
};

/** Returns the schema of `columns`: the field of each column. The examples are for messages. */
export const columnsSchema = (field: z.ZodType<string>, [one, several]: readonly [string, string]) =>
  z
    .record(
      z.string(),
      z.union(
        [
          field.transform((name): { field: string; separator?: string | undefined } => ({ field: name })),
          z.strictObject({ field, separator: z.string().min(1).optional() }),
        ],
        { error: `must be a field such as "${one}", or { "field": "${several}", "separator": "," }` },
      ),
    )
    .default({});

const schema = z.strictObject({
  ...tableShape,
  columns: columnsSchema(field, ["label", "aliases"]),
  makeIds: z.array(z.string()).min(1).optional(),
  constants: z.record(field, z.union([z.string().min(1), z.array(z.string().min(1))])).optional(),
  types: z.record(z.string().min(1), kind).optional(),
});

/**
 * A mapping for entity files. `columns` maps the columns of a table to entity fields, for files whose columns differ
 * from those of `entityColumns`. Several columns for `label` are joined with a space, and empty ones are left out.
 * `makeIds` names columns from whose cells ids are made, for tables without a column of ids; see `id-maker.ts`. `types`
 * maps the types of entities to kinds. Without `columns`, the columns are guessed; a mapping that contains only `types`
 * also applies to JSON Lines.
 */
export type EntityMapping = z.infer<typeof schema>;

/** The settings of a mapping with which a table is opened. */
export type TableSettings = Pick<EntityMapping, keyof typeof tableShape>;

/** Returns whether a mapping has columns. */
export const hasColumns = ({ columns }: EntityMapping): boolean => Object.keys(columns).length > 0;

/**
 * Reads a mapping file: `{ "delimiter"?: ";", "columns": { "No": "id", "Name": "label", "Also": { "field": "aliases",
 * "separator": "," } }, "constants"?: { "properties.source": "…" }, "types"?: { "Gemeinde": "place" } }`. Throws
 * `FILE_NOT_FOUND` if the file does not exist, and `CONFIG` if it cannot be read or is not a valid mapping.
 */
export const readMapping = (file: string): Promise<EntityMapping> => readMappingFile(file, parseMapping);

/**
 * Reads a mapping from a JSON file with the function that validates it. Throws `FILE_NOT_FOUND` if the file does not
 * exist, and `CONFIG` if it cannot be read or is not a valid mapping.
 */
export async function readMappingFile<Mapping>(
  file: string,
  parse: (value: unknown) => Mapping,
): Promise<Mapping> {
  try {
    return parse(await readJson(file, 1 << 20));
  } catch (error) {
    if (!(error instanceof MmelError) || error.code === "FILE_NOT_FOUND") throw error;
    throw new MmelError("CONFIG", { ...error.detail, where: file, cause: error });
  }
}

/** Validates a mapping and returns it. Throws `CONFIG` if the mapping is invalid. */
export function parseMapping(value: unknown): EntityMapping {
  const mapping = parseWire(schema, value, "CONFIG") as EntityMapping;
  const { columns: _, constants, makeIds, ...rest } = mapping;
  const isEmpty = Object.keys(rest).length === 0;
  if (hasColumns(mapping) || constants !== undefined || makeIds !== undefined || isEmpty)
    checkColumns(mapping);
  return mapping;
}

function checkColumns(mapping: EntityMapping): void {
  const columns = Object.entries(mapping.columns);
  if (columns.length === 0)
    throw wrong(
      "the mapping has no columns",
      "`columns`, or only `types`, `delimiter`, `encoding`, `sheet` or `headerRow`",
    );
  for (const name of SINGLE) {
    const from = columns.filter(([, to]) => to.field === name).map(([column]) => column);
    if (from.length > 1 && name !== "label")
      throw wrong(`the columns ${from.join(" and ")} map to ${name}`, `only one column for ${name}`);
    if (name === "id" && mapping.makeIds !== undefined) checkMadeIds(mapping.makeIds, from);
    else if (from.length === 0 && (name === "id" || name === "label"))
      throw wrong(`no column maps to ${name}`, "one column for id (or `makeIds`) and one for label");
    if (from.length > 0 && mapping.constants?.[name] !== undefined)
      throw wrong(`${name} is both in "columns" and in "constants"`, "only one of the two");
  }
  for (const [column, to] of columns)
    if (to.separator !== undefined && !isList(to.field))
      throw wrong(
        `column ${column} has a separator, but ${to.field} can have only one value`,
        `no separator for ${column}`,
      );
  for (const [name, constant] of Object.entries(mapping.constants ?? {}))
    if (Array.isArray(constant) && !isList(name))
      throw wrong(`the constant for ${name} is a list`, `one value, because ${name} can have only one`);
}

function checkMadeIds(makeIds: readonly string[], idColumns: readonly string[]): void {
  if (idColumns.length > 0)
    throw wrong(`the column ${idColumns.join()} maps to id, and "makeIds" is present`, "only one of the two");
  const repeated = makeIds.find((column, index) => makeIds.indexOf(column) < index);
  if (repeated !== undefined) throw wrong(`"makeIds" names ${repeated} twice`, "each column once");
}

const wrong = (what: string, expected: string): MmelError => new MmelError("CONFIG", { what, expected });

/** Returns the columns that a table must have for a mapping. */
export const requiredColumns = ({ columns, makeIds = [] }: EntityMapping): string[] => [
  ...new Set([...Object.keys(columns), ...makeIds]),
];

/**
 * Returns a function that converts the cells of a row to an entity in the wire format. With `own`, lists in the columns
 * of `entityColumns` are divided as `entityRow` writes them, whatever the mapping says.
 */
export function mappedEntities(
  mapping: EntityMapping,
  { own = false }: { readonly own?: boolean } = {},
): (cells: ReadonlyMap<string, string>) => unknown {
  const idOf = mapping.makeIds === undefined ? undefined : createIdMaker(mapping.makeIds);
  return (cells) => {
    const entity = entityFromMapped(cells, mapping, own);
    return idOf === undefined ? entity : { ...entity, id: idOf(cells) };
  };
}

function entityFromMapped(cells: ReadonlyMap<string, string>, mapping: EntityMapping, own: boolean) {
  const single = new Map<string, string>();
  const lists = new Map<string, string[]>();
  const add = (name: string, values: readonly string[]): void => {
    if (isList(name)) lists.set(name, [...(lists.get(name) ?? []), ...values]);
    else single.set(name, name === "label" ? joined(single.get(name), values[0]) : (values[0] ?? ""));
  };
  for (const [column, to] of Object.entries(mapping.columns)) {
    const cell = cells.get(column);
    const isOwnList = own && column === to.field && isList(column);
    if (cell !== undefined) add(to.field, isOwnList ? splitList(cell) : valuesOf(cell, to.separator));
  }
  for (const [name, constant] of Object.entries(mapping.constants ?? {}))
    add(
      name,
      [constant].flat().filter((value) => !lists.get(name)?.includes(value)),
    );
  const properties = [...lists].filter(([name]) => name.startsWith(PROPERTY));
  return {
    ...Object.fromEntries(single),
    ...(single.has("popularity") && { popularity: parseNumber(single.get("popularity")) }),
    ...Object.fromEntries(LISTS.flatMap((name) => (lists.has(name) ? [[name, lists.get(name)]] : []))),
    properties: Object.fromEntries(properties.map(([name, values]) => [name.slice(PROPERTY.length), values])),
  };
}

const joined = (before: string | undefined, part = ""): string =>
  before === undefined ? part : `${before.trim()} ${part.trim()}`;

export function valuesOf(cell: string, separator: string | undefined): string[] {
  if (separator === undefined) return [cell];
  return cell
    .split(separator)
    .map((value) => value.trim())
    .filter((value) => value !== "");
}

/** Returns the columns of a mapped file, in order. */
export const mappedColumns = (mapping: EntityMapping): string[] => Object.keys(mapping.columns);

/**
 * Returns the row of an entity, with cells in the order of `mappedColumns`. Omits the mapping's constants, and fields
 * that have no column. If several columns map to one field, only the first is filled. Throws `ENTITY_INVALID` if a
 * field has several values but its column has no separator. With a separator, also throws `ENTITY_INVALID` if a value
 * is empty, contains the separator, or has leading or trailing white space.
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
  return values.filter((value) => !constants.includes(value));
}

function cellOf(values: readonly string[], separator: string | undefined, where: string): string {
  const unfit = (what: string, hint: string): MmelError =>
    new MmelError("ENTITY_INVALID", { what, where, hint });
  if (separator === undefined) {
    if (values.length > 1)
      throw unfit(
        `the entity has ${values.length} values in this column, but the mapping gives the column no separator`,
        "Add a separator to the column in the mapping.",
      );
    return values[0] ?? "";
  }
  const bad = values.find((value) => value.includes(separator) || value !== value.trim() || value === "");
  if (bad !== undefined)
    throw unfit(
      `the value ${JSON.stringify(bad.slice(0, 80))} is empty, contains the separator, or starts or ends with white space`,
      "Correct the value, or choose a different separator in the mapping.",
    );
  return values.join(separator);
}

/**
 * Returns a function that looks up an entity's types in the mapping and adds the resulting kinds to the entity's
 * property `kind`. Case and accents in types do not matter.
 */
export function kindMapper({ types = {} }: Pick<EntityMapping, "types">): (entity: Entity) => Entity {
  const kinds = new Map(Object.entries(types).map(([type, kind]) => [fold(type), kind]));
  return (entity) => {
    const mapped = typesOf(entity).flatMap((type) => kinds.get(fold(type)) ?? []);
    if (mapped.length === 0) return entity;
    const before = entity.properties[KIND_PROPERTY] ?? [];
    return {
      ...entity,
      properties: { ...entity.properties, [KIND_PROPERTY]: [...new Set([...mapped, ...before])] },
    };
  };
}
