import { type Filter, NO_FILTER, passes } from "./filter.js";
import { linkOf } from "./links.js";
import type { Cursor, Item, Linking, State, WireLinks, WireMentionLink } from "./types.js";

export interface Progress {
  readonly names: number;
  readonly decided: number;
}

/** Returns the number of names in the items, and the number of names that are decided. */
export function progressOf(items: readonly Item[]): Progress {
  let [names, decided] = [0, 0];
  for (const { marks } of items) {
    names += marks.length;
    for (const { gold } of marks) if (gold !== undefined) decided++;
  }
  return { names, decided };
}

/** Returns the number of captions that wait for links. */
export const waitingCount = ({ items, linkings }: Pick<State, "items" | "linkings">): number =>
  items.reduce((sum, { id }) => {
    const status = linkings.get(id)?.status;
    return sum + Number(status === "waiting" || status === "running");
  }, 0);

/**
 * Returns the uncertainty of a link, from 0 (certain) to 1. Returns 1 if there is no link. With a calibrated model, the
 * uncertainty is one minus the probability. Otherwise it is the second candidate's score divided by the first
 * candidate's score. In this case, it is 0 if there is no second candidate, and 0.5 if no candidate has a positive
 * score.
 */
export function doubtOf(link: WireMentionLink | undefined): number {
  if (link === undefined) return 1;
  if (link.probability !== null) return 1 - link.probability;
  const [first, second] = link.candidates;
  if (first === undefined) return 0.5;
  if (second === undefined || first.score <= 0) return first.score > 0 ? 0 : 0.5;
  return Math.max(0, Math.min(1, second.score / first.score));
}

/** Uncertainty below which a link counts as certain. */
const CERTAIN_BELOW = 0.1;

export const isCertain = (link: WireMentionLink | undefined): boolean => doubtOf(link) < CERTAIN_BELOW;

/** Doubts that were computed before. Items and links never change, so an item's doubt depends only on its links. */
const doubts = new WeakMap<Item, { readonly links: WireLinks | undefined; readonly doubt: number }>();

/** Returns the uncertainty of a caption's least certain link, or -1 if the caption has no names or no links yet. */
function itemDoubt(item: Item, linking: Linking | undefined): number {
  const known = doubts.get(item);
  if (known !== undefined && known.links === linking?.links) return known.doubt;
  const isLinked = linking?.links !== undefined && item.marks.length > 0;
  const doubt = isLinked ? Math.max(...item.marks.map((mark) => doubtOf(linkOf(mark, linking)))) : -1;
  doubts.set(item, { links: linking?.links, doubt });
  return doubt;
}

/**
 * Returns the probability of a caption's least certain suggestion, by which `unsureFirst` orders. Returns undefined if
 * the caption has no names, or a name without a probability.
 */
export function leastSure(item: Item, linking: Linking | undefined): number | undefined {
  const links = item.marks.map((mark) => linkOf(mark, linking));
  const isKnown = links.length > 0 && links.every((link) => link !== undefined && link.probability !== null);
  return isKnown ? 1 - itemDoubt(item, linking) : undefined;
}

/**
 * Returns the captions, least certain first. Captions without links come last. Captions with equal uncertainty keep
 * their order.
 */
export function unsureFirst({ items, linkings }: Pick<State, "items" | "linkings">): Item[] {
  return items
    .map((item) => ({ item, doubt: itemDoubt(item, linkings.get(item.id)) }))
    .sort((a, b) => b.doubt - a.doubt)
    .map(({ item }) => item);
}

/**
 * Returns the least certain undecided name that passes the filter, or undefined if there is none. A name without a link
 * is returned only if no undecided name has a link.
 */
export function nextUnsure(
  { items, linkings }: Pick<State, "items" | "linkings">,
  filter: Filter = NO_FILTER,
): Cursor | undefined {
  let best: { cursor: Cursor; doubt: number } | undefined;
  for (const item of items) {
    const linking = linkings.get(item.id);
    item.marks.forEach((mark, index) => {
      if (mark.gold !== undefined || !passes(mark, item, linking, filter)) return;
      const link = linkOf(mark, linking);
      const doubt = link === undefined ? -1 : doubtOf(link);
      if (best === undefined || doubt > best.doubt) best = { cursor: { item: item.id, mark: index }, doubt };
    });
  }
  return best?.cursor;
}
