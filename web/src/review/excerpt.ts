import { spanOf } from "./marks.js";
import type { Item, Mark } from "./types.js";

/** A name with the text around it. Joined, they are a part of the caption, with "…" where text is left out. */
export interface Excerpt {
  readonly before: string;
  readonly name: string;
  readonly after: string;
}

/** Number of UTF-16 code units to show before and after a name, up to whole words. */
const AROUND = 70;

/** Returns a name in its caption. For a name without offsets, the beginning of the caption follows the name. */
export function excerptOf({ text }: Pick<Item, "text">, mark: Mark): Excerpt {
  const span = spanOf(mark);
  if (span === undefined) return { before: "", name: mark.text, after: `: ${headOf(text, 2 * AROUND)}` };
  return {
    before: tailOf(text.slice(0, span.start), AROUND),
    name: text.slice(span.start, span.end),
    after: headOf(text.slice(span.end), AROUND),
  };
}

/** Returns the beginning of a text, up to a word that ends within `length`. */
function headOf(text: string, length: number): string {
  if (text.length <= length) return text;
  const words = /^[\s\S]*\s/.exec(text.slice(0, length + 1))?.[0].replace(/[\s,;:]+$/, "");
  return `${words === undefined || words === "" ? graphemes(text, length).join("") : words}…`;
}

/** Returns the end of a text, from a word that begins within `length`. */
function tailOf(text: string, length: number): string {
  if (text.length <= length) return text;
  const words = /\s([\s\S]*)$/.exec(text.slice(-length - 1))?.[1];
  return `…${words === undefined || words === "" ? graphemes(text, -length).join("") : words}`;
}

/** Returns whole graphemes from the beginning of a text or, if `length` is negative, from its end. */
function graphemes(text: string, length: number): string[] {
  const near = length > 0 ? text.slice(0, 2 * length) : text.slice(2 * length);
  const all = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(near)];
  const whole = length > 0 ? all.slice(0, -1) : all.slice(1); // the one at the cut may be split
  return (length > 0 ? whole.slice(0, length) : whole.slice(length)).map(({ segment }) => segment);
}
