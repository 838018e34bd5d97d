import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { parseWire } from "../../formats/index.js";

const value = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.object({ id: z.string(), name: z.string().optional() }),
]);

const querySchema = z.object({
  query: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  limit: z.number().optional(),
  properties: z.array(z.object({ pid: z.string(), v: z.union([value, z.array(value)]) })).optional(),
  type_strict: z.enum(["any", "should", "all"]).optional(),
});

const extensionSchema = z.object({
  ids: z.array(z.string()),
  properties: z.array(z.object({ id: z.string() })),
});

/** A row that wants an entity. */
export interface ReconcileQuery {
  readonly query: string;
  /** One of these, or with `strict` all of them; none: any. */
  readonly types: readonly string[];
  readonly strict: "any" | "should" | "all";
  readonly limit: number;
  /** Names of properties and what the row says of them. */
  readonly properties: readonly { readonly pid: string; readonly values: readonly string[] }[];
}

export type Extension = z.infer<typeof extensionSchema>;

const LIMIT = 10;
const MOST = 100;

/** The batch that the parameter `queries` holds. `USAGE`. */
export function parseQueries(text: string): Map<string, ReconcileQuery> {
  const batch = parseWire(z.record(z.string(), querySchema), json(text, "queries"), "USAGE");
  return new Map(Object.entries(batch).map(([key, query]) => [key, queryFrom(query)]));
}

/** The single query of the parameter `query`: an object, or a name alone. */
export function parseQuery(text: string): ReconcileQuery {
  const query = text.trimStart().startsWith("{")
    ? parseWire(querySchema, json(text, "query"), "USAGE")
    : { query: text };
  return queryFrom(query);
}

/** What the parameter `extend` asks of entities. */
export function parseExtension(text: string): Extension {
  return parseWire(extensionSchema, json(text, "extend"), "USAGE");
}

function queryFrom(wire: z.infer<typeof querySchema>): ReconcileQuery {
  const { query = "", type = [], limit = LIMIT, properties = [], type_strict: strict = "any" } = wire;
  return {
    query: query.trim(),
    types: [type].flat(),
    strict,
    limit: Math.min(MOST, Math.max(1, Math.floor(limit))),
    properties: properties.map(({ pid, v }) => ({ pid, values: [v].flat().map(textOf) })),
  };
}

const textOf = (v: z.infer<typeof value>): string => (typeof v === "object" ? (v.name ?? v.id) : String(v));

function json(text: string, parameter: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MmelError("USAGE", { what: `the parameter ${parameter} is not JSON`, cause });
  }
}
