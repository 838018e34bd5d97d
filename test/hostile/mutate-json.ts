import type { Random } from "../../src/core/index.js";
import { JSON_VALUES, TEXTS } from "./hostile-values.js";

/** A text that stands in the place of the value to change until the JSON is written. */
const MARK = "<the value to change>";

/**
 * Changes one value or key of a JSON text, or of one line of JSON Lines. Returns undefined if the text is not JSON,
 * or if an earlier change nested it too deeply to be written again.
 */
export function mutateJson(text: string, random: Random): string | undefined {
  try {
    return mutateParsed(text, random);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function mutateParsed(text: string, random: Random): string | undefined {
  const whole = parse(text);
  if (whole !== undefined) return change(whole, random);
  const lines = text.split("\n");
  const at = random.below(lines.length);
  const line = parse(lines[at] ?? "");
  return line === undefined ? undefined : lines.with(at, change(line, random)).join("\n");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function change(root: unknown, random: Random): string {
  const place = placeIn(root, random);
  const value = JSON_VALUES[random.below(JSON_VALUES.length)]!;
  if (place === undefined) return value;
  const { holder, key } = place;
  const before = JSON.stringify(holder[key]) ?? "null";
  const isList = Array.isArray(holder);
  if (!isList && random.next() < 0.1) {
    delete holder[key];
    return JSON.stringify(root);
  }
  holder[key] = MARK;
  return JSON.stringify(root).replace(JSON.stringify(MARK), () => replacement(before, value, isList, random));
}

function replacement(before: string, value: string, isList: boolean, random: Random): string {
  if (random.next() < 0.6) return value;
  if (isList) return `${before},`.repeat(1 + random.below(3000)) + before;
  // another key, or a key for a second time
  const key = TEXTS[random.below(TEXTS.length)]!.slice(0, 100);
  return `${before},${JSON.stringify(key)}:${value}`;
}

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** Chooses a value below the root, small depths being more probable. */
function placeIn(root: unknown, random: Random): Place | undefined {
  let place: Place | undefined;
  for (let value = root; typeof value === "object" && value !== null; ) {
    const holder = value as Record<string, unknown>;
    const keys = Object.keys(holder);
    if (keys.length === 0) break;
    const key = keys[random.below(keys.length)]!;
    place = { holder, key };
    if (random.next() < 0.3) break;
    value = holder[key];
  }
  return place;
}
