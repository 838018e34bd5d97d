import type { Item, Mark } from "./types.js";

/**
 * Marks the selected text as a name, after adjusting the selection with `tidySpan`. The new mark replaces all marks
 * that it overlaps, so selecting a longer text corrects a mark that is too short. Returns the same item if the
 * selection is blank or already marked.
 */
export function addMark(item: Item, selected: Span): Item {
  const span = tidySpan(item.text, selected);
  if (span === undefined || markAt(item, span) !== -1) return item;
  const kept = item.marks.filter((mark) => {
    const other = spanOf(mark);
    return other === undefined || !overlaps(other, span);
  });
  return { ...item, marks: inOrder([...kept, { text: item.text.slice(span.start, span.end), ...span }]) };
}

/** Removes a mark. The others then count as checked by a person. */
export const removeMark = (item: Item, removed: number): Item => ({
  ...item,
  marks: item.marks.filter((_, index) => index !== removed).map(({ detected: _, ...mark }) => mark),
});

/** Returns the index of the mark with exactly this span, or -1 if there is no such mark. */
export const markAt = (item: Item, { start, end }: Span): number =>
  item.marks.findIndex((mark) => mark.start === start && mark.end === end);

/** Sorts marks by their position in the text. Marks without offsets come last. */
export function inOrder(marks: readonly Mark[]): Mark[] {
  const place = ({ start }: Mark): number => start ?? Number.MAX_SAFE_INTEGER;
  return [...marks].sort((a, b) => place(a) - place(b) || (b.end ?? 0) - (a.end ?? 0));
}

/**
 * A piece of a caption's text. `mark` is the index of the mark that covers the piece; it is absent for unmarked text.
 */
export interface Piece extends Span {
  readonly mark?: number;
}

/**
 * Splits the text into marked and unmarked pieces, without gaps. Marks from files may overlap. Of overlapping marks,
 * only the mark that starts first is kept; if several start at the same offset, the longest is kept.
 */
export function pieces(item: Item): Piece[] {
  const spans = item.marks.flatMap((mark, index) => {
    const span = spanOf(mark);
    return span === undefined ? [] : [{ ...span, mark: index }];
  });
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  const found: Piece[] = [];
  let position = 0;
  for (const span of spans) {
    if (span.start < position) continue;
    if (span.start > position) found.push({ start: position, end: span.start });
    found.push(span);
    position = span.end;
  }
  if (position < item.text.length) found.push({ start: position, end: item.text.length });
  return found;
}

/** A range of the text, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export const overlaps = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;

/** Returns the span of a mark, or undefined for a name without offsets. */
export function spanOf(mark: { readonly start?: number; readonly end?: number }): Span | undefined {
  const { start, end } = mark;
  return start === undefined || end === undefined ? undefined : { start, end };
}

/**
 * Extends a selection to complete graphemes and trims white space at both ends. A grapheme may consist of several code
 * points, such as a letter and its accents. Returns undefined if the selection contains only white space.
 */
export function tidySpan(text: string, selected: Span): Span | undefined {
  const whole = wholeGraphemes(text, clamp(text, selected));
  const inside = text.slice(whole.start, whole.end);
  const start = whole.start + (inside.length - inside.trimStart().length);
  const end = start + inside.trim().length;
  return end > start ? { start, end } : undefined;
}

function clamp(text: string, { start, end }: Span): Span {
  const clamped = (offset: number): number => Math.max(0, Math.min(text.length, offset));
  return { start: clamped(Math.min(start, end)), end: clamped(Math.max(start, end)) };
}

function wholeGraphemes(text: string, span: Span): Span {
  if (span.start === span.end) return span;
  const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text);
  const first = graphemes.containing(span.start);
  const last = graphemes.containing(span.end - 1);
  return {
    start: first?.index ?? span.start,
    end: last === undefined ? span.end : last.index + last.segment.length,
  };
}
