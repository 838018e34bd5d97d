import { z } from "zod";
import { type ErrorCode, MmelError } from "../core/index.js";

/** Checks an unknown value against a wire schema; the error names the first wrong field and counts the others. */
export function parseWire<T>(schema: z.ZodType<T>, value: unknown, code: ErrorCode): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue, ...others] = result.error.issues;
  throw new MmelError(encodingOr(code, issue), {
    what: `${pathOf(issue?.path ?? [])}${(issue?.message ?? "is invalid").replace("Invalid input: ", "")}${more(others.length)}`,
  });
}

/** Paths such as `mentions.colour` of fields that the schema does not have; array positions are left out. */
export function unknownFields(schema: z.ZodType, value: unknown): Set<string> {
  const found = new Set<string>();
  collect(schema, value, "", found);
  return found;
}

function collect(schema: z.ZodType, value: unknown, path: string, found: Set<string>): void {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    for (const item of value) collect(inner.element as z.ZodType, item, path, found);
  } else if (inner instanceof z.ZodRecord && typeof value === "object" && value !== null) {
    if (Object.hasOwn(value, "__proto__")) found.add(`${path}__proto__`);
  } else if (inner instanceof z.ZodObject && typeof value === "object" && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      const known = Object.hasOwn(inner.shape, key) ? (inner.shape[key] as z.ZodType) : undefined;
      if (known === undefined) found.add(path + key);
      else collect(known, child, `${path}${key}.`, found);
    }
  }
}

function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable
    ? unwrap(schema.unwrap() as z.ZodType)
    : schema;
}

function encodingOr(code: ErrorCode, issue: z.core.$ZodIssue | undefined): ErrorCode {
  return issue?.code === "custom" && issue.params?.code === "ENCODING" ? "ENCODING" : code;
}

function pathOf(path: readonly PropertyKey[]): string {
  const written = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return written === "" ? "" : `${written.replace(/^\./, "")}: `;
}

const more = (others: number): string => (others === 0 ? "" : ` (and ${others} more)`);
