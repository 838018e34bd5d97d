/** A stretch of text in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export const overlaps = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;

/** The span of a mark, or undefined for a name given apart from the text. */
export function spanOf(mark: { readonly start?: number; readonly end?: number }): Span | undefined {
  const { start, end } = mark;
  return start === undefined || end === undefined ? undefined : { start, end };
}

/**
 * The span that a selection means: grown so that it cuts no character a reader sees (an emoji of several code points, a
 * letter with its accents), without white space at its ends. Undefined when nothing is left.
 */
export function tidySpan(text: string, selected: Span): Span | undefined {
  const whole = wholeCharacters(text, clamp(text, selected));
  const inside = text.slice(whole.start, whole.end);
  const start = whole.start + (inside.length - inside.trimStart().length);
  const end = start + inside.trim().length;
  return end > start ? { start, end } : undefined;
}

function clamp(text: string, { start, end }: Span): Span {
  const within = (at: number): number => Math.max(0, Math.min(text.length, at));
  return { start: within(Math.min(start, end)), end: within(Math.max(start, end)) };
}

function wholeCharacters(text: string, span: Span): Span {
  if (span.start === span.end) return span;
  const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text);
  const first = characters.containing(span.start);
  const last = characters.containing(span.end - 1);
  return {
    start: first?.index ?? span.start,
    end: last === undefined ? span.end : last.index + last.segment.length,
  };
}
