import { z } from "zod";
import { MmelError } from "../core/index.js";
import { parseWire } from "../formats/index.js";

/**
 * Parses query parameters, converting numbers and booleans. Throws `USAGE` if a parameter is unknown, repeated or
 * invalid.
 */
export function parseParameters<S extends z.ZodObject>(schema: S, raw: unknown): z.infer<S> {
  const entries = Object.entries((raw ?? {}) as Record<string, string | string[]>);
  const values = entries.map(([name, value]) => {
    if (!Object.hasOwn(schema.shape, name))
      throw parameterError(
        `the query string contains an unknown parameter ${JSON.stringify(name)}`,
        `one of ${Object.keys(schema.shape).join(", ")}`,
      );
    if (Array.isArray(value))
      throw parameterError(`the query parameter ${name} occurs ${value.length} times`, "one value");
    return [name, convert(schema.shape[name] as z.ZodType, value)] as const;
  });
  return parseWire(schema, Object.fromEntries(values), "USAGE") as z.infer<S>;
}

function convert(schema: z.ZodType, text: string): unknown {
  const inner = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;
  if (inner instanceof z.ZodNumber) return text.trim() === "" ? text : Number(text);
  if (inner instanceof z.ZodBoolean) return text === "true" ? true : text === "false" ? false : text;
  return text;
}

const parameterError = (what: string, expected: string): MmelError =>
  new MmelError("USAGE", { what, expected });
