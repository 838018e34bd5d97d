import type { Span } from "../core/index.js";

/**
 * Where names given apart from a text stand in it. Longer names choose first, equal ones in the order given; each takes
 * the first occurrence that no other has taken, whole words before parts of words. No span when none is left.
 */
export function locateNames(text: string, names: readonly string[]): (Span | undefined)[] {
  const spans: (Span | undefined)[] = names.map(() => undefined);
  const order = names.map((_, at) => at).sort((a, b) => names[b]!.length - names[a]!.length || a - b);
  for (const at of order) {
    const free = occurrences(text, names[at]!).filter((span) => !spans.some((taken) => overlap(taken, span)));
    spans[at] = free.find((span) => isWhole(text, span)) ?? free[0];
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

function isWhole(text: string, { start, end }: Span): boolean {
  return (
    !WORD_ENDS.test(text.slice(Math.max(0, start - 2), start)) && !WORD_BEGINS.test(text.slice(end, end + 2))
  );
}
