import { type Filter, NO_FILTER, passes } from "./filter.js";
import { foldName } from "./fold.js";
import { linkOf, proposed } from "./links.js";
import type { Cursor, DecisionRecord, Gold, Item, State, WireLinks, WireMentionLink } from "./types.js";

/** An undecided name with its link. */
export interface Undecided {
  readonly item: Item;
  readonly at: Cursor;
  readonly text: string;
  readonly link: WireMentionLink;
  readonly links: WireLinks;
}

type Work = Pick<State, "items" | "linkings">;

/** Yields the undecided names that have a link and pass the filter, in the order of the captions. */
export function* undecidedNames({ items, linkings }: Work, filter: Filter = NO_FILTER): Generator<Undecided> {
  for (const item of items) {
    const linking = linkings.get(item.id);
    if (linking?.links === undefined) continue;
    for (const [index, mark] of item.marks.entries()) {
      if (mark.gold !== undefined || !passes(mark, item, linking, filter)) continue;
      const link = linkOf(mark, linking);
      if (link !== undefined)
        yield { item, at: { item: item.id, mark: index }, text: mark.text, link, links: linking.links };
    }
  }
}

/**
 * Returns the names whose proposal is at least as probable as `threshold`, the least probable first. NIL is a proposal,
 * too. Names that are equally probable keep their order.
 */
export const atLeast = (names: Iterable<Undecided>, threshold: number): Undecided[] =>
  [...names]
    .filter(({ link: { probability } }) => (probability ?? -1) >= threshold)
    .sort((a, b) => a.link.probability! - b.link.probability!);

/**
 * Returns the other undecided names for which a decision probably holds as well: names with the same text, apart from
 * case and accents, and with the same proposal as the name at `at`. Returns an empty list if the name has no link.
 */
export function sameAs(work: Work, at: Cursor): Undecided[] {
  const mark = work.items.find(({ id }) => id === at.item)?.marks[at.mark];
  const link = mark && linkOf(mark, work.linkings.get(at.item));
  if (mark === undefined || link === undefined) return [];
  const name = foldName(mark.text);
  return [...undecidedNames(work)].filter(
    (other) =>
      (other.at.item !== at.item || other.at.mark !== at.mark) &&
      other.link.entity?.id === link.entity?.id &&
      foldName(other.text) === name,
  );
}

/** Returns the record of a decision: who decided, when, and what was proposed. */
export function recordOf(
  link: WireMentionLink | undefined,
  links: Pick<WireLinks, "model" | "kb"> | undefined,
  { by, at, together = false }: { readonly by: string; readonly at: string; readonly together?: boolean },
): DecisionRecord {
  return {
    ...(by !== "" && { by }),
    at,
    ...(link && { proposed: link.entity, probability: link.probability }),
    ...(link && links && { model: links.model, kb: links.kb }),
    ...(together && { together }),
  };
}

/** Returns the decisions that accept the proposals of several names in one step. */
export const acceptAll = (names: readonly Undecided[], who: { readonly by: string; readonly at: string }) =>
  names.map(({ at, link, links }) => ({
    at,
    gold: proposed(link),
    decision: recordOf(link, links, { ...who, together: true }),
  }));

/** Returns the decisions that decide several names in the same way, in one step. */
export const decideAlike = (
  names: readonly Undecided[],
  gold: Gold,
  who: { readonly by: string; readonly at: string },
) =>
  names.map(({ at, link, links }) => ({
    at,
    gold,
    decision: recordOf(link, links, { ...who, together: true }),
  }));
