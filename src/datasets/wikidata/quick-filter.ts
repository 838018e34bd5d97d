import { firstText, objectOf, textOf } from "./item-json.js";

/*
 * Extracts data from a line's bytes without parsing the line as JSON. The results are the same as with parsing. JSON
 * escapes quotes inside strings (\"). So a pattern with unescaped quotes, such as ,"descriptions":, occurs only as a key.
 */
const START = Buffer.from('{"type":"item","id":"Q');
const LABELS = Buffer.from(',"labels":{');
const NO_LABELS = Buffer.from(',"labels":[]');
const DESCRIPTIONS = Buffer.from(',"descriptions":');
const ESCAPE = Buffer.from("\\u00");
const [QUOTE, BACKSLASH, CLOSING_BRACE, ZERO] = [0x22, 0x5c, 0x7d, 0x30];

/**
 * Returns the item number (31 for `Q31`) of the entity in a line. Returns undefined if the line does not begin and end
 * as in a dump, or if the number exceeds 32 bits.
 */
export function quickNumber(line: Buffer): number | undefined {
  if (line[line.length - 1] !== CLOSING_BRACE || !matchesAt(line, START, 0)) return undefined;
  let number = 0;
  let end = START.length;
  for (; end < START.length + 10; end++) {
    const digit = line[end]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) break;
    number = 10 * number + digit;
  }
  const isNumber = end > START.length && line[end] === QUOTE && line[START.length] !== ZERO;
  return isNumber && number < 2 ** 32 ? number : undefined;
}

/** Byte patterns for a reference to an item: `"Q5"` and, in dumps before 2017, `"numeric-id":5`. */
export interface Needle {
  /** The id without its opening quote, because searching for a rarer first byte is faster. */
  readonly id: Buffer;
  readonly number: Buffer;
}

export const needlesOf = (items: readonly string[]): Needle[] =>
  items.map((id) => ({ id: Buffer.from(`${id}"`), number: Buffer.from(`"numeric-id":${id.slice(1)}`) }));

/**
 * Returns true only if a line certainly does not refer to any of the items in `needles`. Returns false if the line
 * contains escaped ASCII characters, because the patterns do not match an id with escapes.
 */
export function isUnwanted(line: Buffer, needles: readonly Needle[]): boolean {
  if (needles.length === 0) return true;
  for (const { id, number } of needles) {
    if (contains(line, id, (start) => line[start - 1] === QUOTE)) return false;
    if (contains(line, number, (start) => !isDigit(line[start + number.length]))) return false;
  }
  return !contains(line, ESCAPE, (start) => isAsciiDigit(line[start + ESCAPE.length]));
}

/** Returns whether the pattern occurs at a position that `isMatch` accepts. */
function contains(line: Buffer, pattern: Buffer, isMatch: (start: number) => boolean): boolean {
  for (let start = line.indexOf(pattern); start >= 0; start = line.indexOf(pattern, start + 1))
    if (isMatch(start)) return true;
  return false;
}

const isDigit = (byte = 0): boolean => byte >= ZERO && byte <= ZERO + 9;

/**
 * Returns whether a byte can be the third hexadecimal digit of an escaped ASCII character (U+0020 to U+007F), such as
 * the `4` in `\u0041`.
 */
const isAsciiDigit = (byte = 0): boolean => byte >= ZERO + 2 && byte <= ZERO + 7;

type QuickLabel = { readonly kind: "sure"; readonly text: string | undefined } | { readonly kind: "unsure" };

/** Finds the label that `firstText` would return. Returns `unsure` if the line is not formatted as in a dump. */
export function quickLabel(
  line: Buffer,
  languages: readonly string[],
  encoding: "latin1" | "utf8",
): QuickLabel {
  const key = line.indexOf(QUOTE, START.length) + 1;
  if (matchesAt(line, NO_LABELS, key)) return { kind: "sure", text: undefined };
  if (!matchesAt(line, LABELS, key)) return { kind: "unsure" };
  const end = line.indexOf(DESCRIPTIONS, key);
  if (end < 0) return { kind: "unsure" };
  const labels = line.subarray(key + LABELS.length - 1, end);
  const text = labelIn(labels, languages[0] ?? "en", encoding);
  if (text !== undefined) return { kind: "sure", text };
  try {
    const parsed: unknown = JSON.parse(labels.toString(encoding));
    return { kind: "sure", text: firstText(objectOf(parsed), languages) };
  } catch {
    return { kind: "unsure" };
  }
}

/**
 * Returns the label in a language, or undefined if there is no such label or the labels are not formatted as in a dump.
 */
function labelIn(labels: Buffer, language: string, encoding: "latin1" | "utf8"): string | undefined {
  const key = `"${language}":{"language":"${language}","value":"`;
  const found = labels.indexOf(key);
  if (found < 0) return undefined;
  const start = found + Buffer.byteLength(key);
  let end = labels.indexOf(QUOTE, start);
  if (end < 0) return undefined;
  const escaped = labels.subarray(start, end).includes(BACKSLASH);
  if (!escaped) return textOf(labels.toString(encoding, start, end));
  while (isEscaped(labels, end)) end = labels.indexOf(QUOTE, end + 1);
  try {
    return end < 0 ? undefined : textOf(JSON.parse(`"${labels.toString(encoding, start, end)}"`));
  } catch {
    return undefined;
  }
}

/** Returns whether the byte at `index` follows an odd number of backslashes. Returns false for index -1. */
function isEscaped(bytes: Buffer, index: number): boolean {
  let backslashes = 0;
  while (index >= 0 && bytes[index - 1 - backslashes] === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

/** Returns whether the pattern occurs at `start`. */
function matchesAt(bytes: Buffer, pattern: Buffer, start: number): boolean {
  const end = start + pattern.length;
  return start >= 0 && end <= bytes.length && bytes.compare(pattern, 0, pattern.length, start, end) === 0;
}
