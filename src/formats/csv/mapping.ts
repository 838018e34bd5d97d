import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { parseWire } from "../parse.js";
import { readJson } from "../read-json.js";

export const PROPERTY = "properties.";
const SINGLE = ["id", "label", "description", "popularity", "url"] as const;
export const LISTS = ["aliases", "images"] as const;

/** Whether a field has several values. */
export const isList = (field: string): boolean =>
  LISTS.includes(field as "aliases") || field.startsWith(PROPERTY);
const field = z
  .string()
  .refine((name) => SINGLE.includes(name as "id") || (isList(name) && name !== PROPERTY), {
    error: `is no field: expected ${[...SINGLE, ...LISTS].join(", ")} or properties.NAME`,
  });
const target = z.strictObject({ field, separator: z.string().min(1).optional() });

const schema = z.strictObject({
  delimiter: z
    .string()
    .refine((text) => text.length === 1 && !/["\r\n]/.test(text), { error: "is one character, such as ;" })
    .optional(),
  columns: z.record(
    z.string(),
    z.union([field.transform((name) => ({ field: name }) as z.infer<typeof target>), target], {
      error: 'is a field such as "label", or { "field": "aliases", "separator": "," }',
    }),
  ),
  constants: z.record(field, z.union([z.string().min(1), z.array(z.string().min(1))])).optional(),
});

/** Which field of an entity each column of a foreign CSV file holds. */
export type EntityMapping = z.infer<typeof schema>;

/**
 * A mapping file: `{ "delimiter"?: ";", "columns": { "Name": "label", "Also": { "field": "aliases", "separator": "," } },
 * "constants"?: { "properties.source": "…" } }`. `CONFIG` says what is wrong with it.
 */
export async function readMapping(file: string): Promise<EntityMapping> {
  try {
    return parseMapping(await readJson(file, 1 << 20));
  } catch (error) {
    if (!(error instanceof MmelError) || error.code === "FILE_NOT_FOUND") throw error;
    throw new MmelError("CONFIG", { ...error.detail, where: file, cause: error });
  }
}

/** `CONFIG` as `readMapping`. */
export function parseMapping(value: unknown): EntityMapping {
  const mapping = parseWire(schema, value, "CONFIG") as EntityMapping;
  const columns = Object.entries(mapping.columns);
  for (const name of SINGLE) {
    const from = columns.filter(([, to]) => to.field === name).map(([column]) => column);
    if (from.length > 1) throw wrong(`columns ${from.join(" and ")} are both ${name}`, "one column for it");
    if (from.length === 0 && (name === "id" || name === "label"))
      throw wrong(`no column is the ${name}`, "one for id and one for label");
    if (from.length > 0 && mapping.constants?.[name] !== undefined)
      throw wrong(`${name} is both a column and a constant`, "one of the two");
  }
  for (const [column, to] of columns)
    if (to.separator !== undefined && !isList(to.field))
      throw wrong(`column ${column} has a separator, but ${to.field} is one value`, "none");
  for (const [name, constant] of Object.entries(mapping.constants ?? {}))
    if (Array.isArray(constant) && !isList(name)) throw wrong(`constant ${name} is a list`, "one value");
  return mapping;
}

const wrong = (what: string, expected: string): MmelError => new MmelError("CONFIG", { what, expected });
