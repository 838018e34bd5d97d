import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { parseWire } from "../../formats/index.js";
import { checkJson } from "../json-text.js";

const valueSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.object({ id: z.string(), name: z.string().optional() }),
]);

const querySchema = z.object({
  query: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  limit: z.number().optional(),
  properties: z
    .array(z.object({ pid: z.string(), v: z.union([valueSchema, z.array(valueSchema)]) }))
    .optional(),
  type_strict: z.enum(["any", "should", "all"]).optional(),
});

const extensionSchema = z.object({
  ids: z.array(z.string()),
  properties: z.array(z.object({ id: z.string() })),
});

/** One table row to reconcile. */
export interface ReconcileQuery {
  /** The name in the row's cell. */
  readonly query: string;
  /** Ids of the required types. If empty, entities of all types match. */
  readonly types: readonly string[];
  /**
   * Which of `types` an entity must have: at least one (`any`), or all (`all`). With `should`, an entity may have any
   * type.
   */
  readonly strict: "any" | "should" | "all";
  readonly limit: number;
  /** Values from the other cells of the row. `pid` is the id of the property. */
  readonly properties: readonly { readonly pid: string; readonly values: readonly string[] }[];
}

/** The ids of entities, and the properties whose values are requested for each entity. */
export type Extension = z.infer<typeof extensionSchema>;

/** Maximum bytes of a parameter. The form that contains it has a limit of its own. */
const MAX_BYTES = 16 * 2 ** 20;
const DEFAULT_LIMIT = 10;
const MAX_LIMIT = 100;

/**
 * Parses the parameter `queries`, a batch of queries in JSON. Returns a map from each query's key in the batch to the
 * query. Throws `USAGE` if the parameter is invalid.
 */
export function parseQueries(text: string): Map<string, ReconcileQuery> {
  const batch = parseWire(z.record(z.string(), querySchema), parseJson(text, "queries"), "USAGE");
  return new Map(Object.entries(batch).map(([key, query]) => [key, queryFrom(query)]));
}

/**
 * Parses the parameter `query`, which is either a query object in JSON or a name as plain text. Throws `USAGE` if the
 * parameter is invalid.
 */
export function parseQuery(text: string): ReconcileQuery {
  const query = text.trimStart().startsWith("{")
    ? parseWire(querySchema, parseJson(text, "query"), "USAGE")
    : { query: text };
  return queryFrom(query);
}

/**
 * Parses the parameter `extend`, which contains entity ids and property ids in JSON. Throws `USAGE` if the parameter is
 * invalid.
 */
export function parseExtension(text: string): Extension {
  return parseWire(extensionSchema, parseJson(text, "extend"), "USAGE");
}

function queryFrom(wire: z.infer<typeof querySchema>): ReconcileQuery {
  const { query = "", type = [], limit = DEFAULT_LIMIT, properties = [], type_strict: strict = "any" } = wire;
  return {
    query: query.trim(),
    types: [type].flat(),
    strict,
    limit: Math.min(MAX_LIMIT, Math.max(1, Math.floor(limit))),
    properties: properties.map(({ pid, v }) => ({ pid, values: [v].flat().map(textOf) })),
  };
}

const textOf = (value: z.infer<typeof valueSchema>): string =>
  typeof value === "object" ? (value.name ?? value.id) : String(value);

function parseJson(text: string, parameter: string): unknown {
  checkJson(text, MAX_BYTES);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MmelError("USAGE", { what: `the parameter ${parameter} is not JSON`, cause });
  }
}
