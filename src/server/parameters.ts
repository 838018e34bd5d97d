import { z } from "zod";
import { MmelError } from "../core/index.js";
import { parseWire } from "../formats/index.js";

/** The parameters of an address, numbers and booleans as such. `USAGE` for one that is unknown, twice there or wrong. */
export function queryOf<S extends z.ZodObject>(schema: S, raw: unknown): z.infer<S> {
  const given = Object.entries((raw ?? {}) as Record<string, string | string[]>);
  const values = given.map(([name, value]) => {
    if (!Object.hasOwn(schema.shape, name))
      throw wrong(`an unknown parameter ${JSON.stringify(name)}`, Object.keys(schema.shape).join(", "));
    if (Array.isArray(value)) throw wrong(`${name} is given ${value.length} times`, "once");
    return [name, readParameter(schema.shape[name] as z.ZodType, value)] as const;
  });
  return parseWire(schema, Object.fromEntries(values), "USAGE") as z.infer<S>;
}

function readParameter(schema: z.ZodType, text: string): unknown {
  const inner = schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : schema;
  if (inner instanceof z.ZodNumber) return text.trim() === "" ? text : Number(text);
  if (inner instanceof z.ZodBoolean) return text === "true" ? true : text === "false" ? false : text;
  return text;
}

const wrong = (what: string, expected: string): MmelError =>
  new MmelError("USAGE", { what, where: "the address", expected });
