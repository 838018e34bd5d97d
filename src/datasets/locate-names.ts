import type { Span } from "../core/index.js";

/**
 * Finds names in a text. Returns one span per name, in the order of `names`; undefined for a name that is not found.
 * Longer names are located first, and names of equal length in the order of `names`. Occurrences that overlap a span
 * found earlier are ignored. Each name gets its first occurrence as a whole word or, if there is none, its first
 * occurrence inside a word.
 */
export function locateNames(text: string, names: readonly string[]): (Span | undefined)[] {
  const spans: (Span | undefined)[] = names.map(() => undefined);
  const order = names.map((_, index) => index).sort((a, b) => names[b]!.length - names[a]!.length || a - b);
  for (const index of order) {
    const free = occurrences(text, names[index]!).filter(
      (span) => !spans.some((taken) => overlap(taken, span)),
    );
    spans[index] = free.find((span) => isWholeWord(text, span)) ?? free[0];
  }
  return spans;
}

function occurrences(text: string, name: string): Span[] {
  const found: Span[] = [];
  if (name === "") return found;
  for (let start = text.indexOf(name); start >= 0; start = text.indexOf(name, start + 1)) {
    found.push({ start, end: start + name.length });
  }
  return found;
}

function overlap(a: Span | undefined, b: Span): boolean {
  return a !== undefined && a.start < b.end && b.start < a.end;
}

const WORD_ENDS = /[\p{L}\p{M}\p{N}]$/u;
const WORD_BEGINS = /^[\p{L}\p{M}\p{N}]/u;

function isWholeWord(text: string, { start, end }: Span): boolean {
  return (
    !WORD_ENDS.test(text.slice(Math.max(0, start - 2), start)) && !WORD_BEGINS.test(text.slice(end, end + 2))
  );
}
