/** The object that a value is; an empty one for anything else, as PHP writes an empty map: `[]`. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value of an object's own field. */
export function fieldOf(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

const UNWANTED = /[\p{Cc}\u2028\u2029\p{Surrogate}]+/gu;

/** A text without control characters (NUL among them), line separators and halves of surrogate pairs; undefined when nothing is left. */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.replace(UNWANTED, " ").trim();
  return text === "" ? undefined : text;
}
