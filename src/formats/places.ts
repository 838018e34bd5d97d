import type { Span } from "../core/index.js";
import { spanOf } from "./convert.js";
import { locateNames } from "./locate-names.js";
import type { WireMentionLink } from "./wire.js";

/**
 * Returns the place of each mention in the text, for formats that mark places. A mention without offsets gets the first
 * free occurrence of its name or, if all occurrences belong to other mentions, the first occurrence; undefined if the
 * text does not contain the name.
 */
export function placesOf(
  mentions: readonly Pick<WireMentionLink, "text" | "start" | "end">[],
  text: string,
): (Span | undefined)[] {
  const spans = mentions.map(spanOf);
  const missing = [...spans.keys()].filter((index) => spans[index] === undefined);
  if (missing.length === 0) return spans;
  const names = missing.map((index) => mentions[index]!.text);
  const given = spans.filter((span) => span !== undefined);
  const located = locateNames(text, names, given);
  for (const [at, index] of missing.entries()) spans[index] = located[at] ?? firstIn(text, names[at]!);
  return spans;
}

function firstIn(text: string, name: string): Span | undefined {
  const start = name === "" ? -1 : text.indexOf(name);
  return start < 0 ? undefined : { start, end: start + name.length };
}
