import type { Span } from "../core/index.js";

/** Maximum number of occurrences of a name to try, so that a text full of one name takes linear time. */
const MAX_TRIED = 100;

/**
 * Finds names in a text. Returns one span per name, in the order of `names`; undefined for a name that is not found.
 * Longer names are located first, and names of equal length in the order of `names`. Occurrences that overlap `taken`
 * or a span found earlier are ignored. Each name gets its first occurrence as a whole word or, if there is none, its
 * first occurrence inside a word.
 */
export function locateNames(
  text: string,
  names: readonly string[],
  taken: readonly Span[] = [],
): (Span | undefined)[] {
  const used = new Uint8Array(text.length);
  for (const { start, end } of taken) used.fill(1, start, end);
  const isFree = ({ start, end }: Span): boolean => !used.subarray(start, end).includes(1);
  const spans: (Span | undefined)[] = names.map(() => undefined);
  const order = names.map((_, index) => index).sort((a, b) => names[b]!.length - names[a]!.length || a - b);
  for (const index of order) {
    let inWord: Span | undefined;
    let found: Span | undefined;
    for (const span of occurrences(text, names[index]!)) {
      if (!isFree(span)) continue;
      inWord ??= span;
      if (!isWholeWord(text, span)) continue;
      found = span;
      break;
    }
    const span = found ?? inWord;
    spans[index] = span;
    if (span !== undefined) used.fill(1, span.start, span.end);
  }
  return spans;
}

function* occurrences(text: string, name: string): Generator<Span> {
  if (name === "") return;
  let start = text.indexOf(name);
  for (let tried = 0; start >= 0 && tried < MAX_TRIED; tried++) {
    yield { start, end: start + name.length };
    start = text.indexOf(name, start + 1);
  }
}

const WORD_ENDS = /[\p{L}\p{M}\p{N}]$/u;
const WORD_BEGINS = /^[\p{L}\p{M}\p{N}]/u;

function isWholeWord(text: string, { start, end }: Span): boolean {
  return (
    !WORD_ENDS.test(text.slice(Math.max(0, start - 2), start)) && !WORD_BEGINS.test(text.slice(end, end + 2))
  );
}
