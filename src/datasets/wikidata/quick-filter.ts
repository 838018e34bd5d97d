import { objectOf, textOf } from "./json.js";
import { firstText } from "./item-json.js";

/*
 * What can be told from a line's bytes without parsing it, and is then what parsing would tell. A quote inside a JSON string
 * is written \", so a pattern of unescaped quotes such as ,"descriptions": stands only where it is a key.
 */
const START = Buffer.from('{"type":"item","id":"Q');
const LABELS = Buffer.from(',"labels":{');
const NO_LABELS = Buffer.from(',"labels":[]');
const DESCRIPTIONS = Buffer.from(',"descriptions":');
const ESCAPE = Buffer.from("\\u00");
const [QUOTE, BACKSLASH, CLOSING_BRACE, ZERO] = [0x22, 0x5c, 0x7d, 0x30];

/** The number of the item whose line begins, and ends, as the dump writes it; undefined for any other line. */
export function quickNumber(line: Buffer): number | undefined {
  if (line[line.length - 1] !== CLOSING_BRACE || !startsWith(line, START, 0)) return undefined;
  let number = 0;
  let at = START.length;
  for (; at < START.length + 10; at++) {
    const digit = line[at]! - ZERO;
    if (!(digit >= 0 && digit <= 9)) break;
    number = 10 * number + digit;
  }
  const isNumber = at > START.length && line[at] === QUOTE && line[START.length] !== ZERO;
  return isNumber && number < 2 ** 32 ? number : undefined;
}

/** What to look for in a line whose values may name an item: `"Q5"`, or as dumps before 2017 wrote it, `"numeric-id":5`. */
export interface Needle {
  /** Without the first quote: a rarer first byte is found faster. */
  readonly id: Buffer;
  readonly number: Buffer;
}

export const needlesOf = (items: readonly string[]): Needle[] =>
  items.map((id) => ({ id: Buffer.from(`${id}"`), number: Buffer.from(`"numeric-id":${id.slice(1)}`) }));

/** Whether a line is certain to name none of the items. Not certain of one that writes ASCII characters as escapes. */
export function isUnwanted(line: Buffer, needles: readonly Needle[]): boolean {
  if (needles.length === 0) return true;
  for (const { id, number } of needles) {
    if (holds(line, id, (at) => line[at - 1] === QUOTE)) return false;
    if (holds(line, number, (at) => !isDigit(line[at + number.length]))) return false;
  }
  return !holds(line, ESCAPE, (at) => isAsciiPair(line[at + ESCAPE.length]));
}

function holds(line: Buffer, pattern: Buffer, isMeant: (at: number) => boolean): boolean {
  for (let at = line.indexOf(pattern); at >= 0; at = line.indexOf(pattern, at + 1))
    if (isMeant(at)) return true;
  return false;
}

const isDigit = (byte = 0): boolean => byte >= ZERO && byte <= ZERO + 9;

/** The third hexadecimal digit of the escapes of ASCII characters that are not control characters. */
const isAsciiPair = (byte = 0): boolean => byte >= ZERO + 2 && byte <= ZERO + 7;

type QuickLabel = { readonly kind: "sure"; readonly text: string | undefined } | { readonly kind: "unsure" };

/** The label that `firstText` would find. Unsure when the line is not written as the dump writes it. */
export function quickLabel(
  line: Buffer,
  languages: readonly string[],
  encoding: "latin1" | "utf8",
): QuickLabel {
  const key = line.indexOf(QUOTE, START.length) + 1;
  if (startsWith(line, NO_LABELS, key)) return { kind: "sure", text: undefined };
  if (!startsWith(line, LABELS, key)) return { kind: "unsure" };
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

/** The label of a language in the form of the dump. */
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

function isEscaped(bytes: Buffer, at: number): boolean {
  let backslashes = 0;
  while (at >= 0 && bytes[at - 1 - backslashes] === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function startsWith(bytes: Buffer, pattern: Buffer, at: number): boolean {
  const end = at + pattern.length;
  return at >= 0 && end <= bytes.length && bytes.compare(pattern, 0, pattern.length, at, end) === 0;
}
