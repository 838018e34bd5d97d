import { linkOf } from "./links.js";
import type { Cursor, Item, Linking, State, WireMentionLink } from "./types.js";

/**
 * How unsure the linker is of an answer, from 0 (sure) to 1: one minus its probability or, of a model without
 * calibration, how close the second candidate comes to the first.
 */
export function doubtOf(link: WireMentionLink | undefined): number {
  if (link === undefined) return 1;
  if (link.probability !== null) return 1 - link.probability;
  const [first, second] = link.candidates;
  if (first === undefined) return 0.5;
  if (second === undefined || first.score <= 0) return first.score > 0 ? 0 : 0.5;
  return Math.max(0, Math.min(1, second.score / first.score));
}

/** Below this doubt an answer counts as sure. */
export const SURE = 0.1;

/** The doubt of a caption is that of its most doubtful name; one without names or answer has none to show yet: -1. */
export function itemDoubt(item: Item, linking: Linking | undefined): number {
  if (linking?.links === undefined || item.marks.length === 0) return -1;
  return Math.max(...item.marks.map((mark) => doubtOf(linkOf(mark, linking))));
}

/** The captions most in doubt first; equal ones, and those not linked yet, as they came. */
export function unsureFirst({ items, linkings }: Pick<State, "items" | "linkings">): Item[] {
  const doubts = new Map(items.map((item) => [item.id, itemDoubt(item, linkings.get(item.id))]));
  return [...items].sort((a, b) => doubts.get(b.id)! - doubts.get(a.id)!);
}

/** The undecided name in most doubt, among those that have been linked; else the first undecided one. */
export function nextUnsure({ items, linkings }: Pick<State, "items" | "linkings">): Cursor | undefined {
  let best: { cursor: Cursor; doubt: number } | undefined;
  for (const item of items) {
    const linking = linkings.get(item.id);
    item.marks.forEach((mark, at) => {
      if (mark.gold !== undefined) return;
      const link = linkOf(mark, linking);
      const doubt = link === undefined ? -1 : doubtOf(link);
      if (best === undefined || doubt > best.doubt) best = { cursor: { item: item.id, mark: at }, doubt };
    });
  }
  return best?.cursor;
}
