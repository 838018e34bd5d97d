import { overlaps, type Span, spanOf, tidySpan } from "./spans.js";
import type { Item, Mark } from "./types.js";

/**
 * The item with a name marked. What is selected is tidied first; marks that it overlaps give way to it, so a longer
 * selection corrects a shorter mark. The same item when nothing but white space is selected or it is marked already.
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

export const removeMark = (item: Item, at: number): Item => ({
  ...item,
  marks: item.marks.filter((_, index) => index !== at),
});

/** The position of the mark with exactly this span, or -1. */
export const markAt = (item: Item, { start, end }: Span): number =>
  item.marks.findIndex((mark) => mark.start === start && mark.end === end);

/** Marks as they stand in the text; those apart from it come last, in the order they had. */
export function inOrder(marks: readonly Mark[]): Mark[] {
  const place = ({ start }: Mark): number => start ?? Number.MAX_SAFE_INTEGER;
  return [...marks].sort((a, b) => place(a) - place(b) || (b.end ?? 0) - (a.end ?? 0));
}

/** A piece of the caption: plain, or the mark at this position of `marks`. */
export interface Piece extends Span {
  readonly mark?: number;
}

/** The text cut at its marks, without a gap. Of marks that overlap (files may bring such) the first and longest shows. */
export function pieces(item: Item): Piece[] {
  const spans = item.marks.flatMap((mark, index) => {
    const span = spanOf(mark);
    return span === undefined ? [] : [{ ...span, mark: index }];
  });
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  const found: Piece[] = [];
  let at = 0;
  for (const span of spans) {
    if (span.start < at) continue;
    if (span.start > at) found.push({ start: at, end: span.start });
    found.push(span);
    at = span.end;
  }
  if (at < item.text.length) found.push({ start: at, end: item.text.length });
  return found;
}
