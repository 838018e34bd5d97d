import { foldName } from "./fold.js";
import { linkOf, proposed, sameGold } from "./links.js";
import type { Item, Linking, Mark, State, WireMentionLink } from "./types.js";

/** Which names the page lists. */
export interface Filter {
  /** Part of a name, or of the label or id of its entity; empty for all names. Case and accents are ignored. */
  readonly text: string;
  readonly state: keyof typeof STATES;
  /** The probability of the proposal is at least `from`; 0 also lists names without a probability. */
  readonly from: number;
  /** The probability of the proposal is below `below`; `Infinity` also lists names without a probability. */
  readonly below: number;
}

export const NO_FILTER: Filter = { text: "", state: "any", from: 0, below: Number.POSITIVE_INFINITY };

/** The states by which names can be filtered, with the words that the page shows. */
export const STATES = {
  any: "any state",
  undecided: "undecided",
  decided: "decided",
  changed: "decided against the suggestion",
  nil: "not in the knowledge base",
  flagged: "flagged",
  commented: "with a comment",
  failed: "could not be linked",
} as const;

export const isFiltering = ({ text, state, from, below }: Filter): boolean =>
  text.trim() !== "" || state !== "any" || from > NO_FILTER.from || below < NO_FILTER.below;

/** Returns whether a name passes the filter. A remark about the caption counts as a remark about all of its names. */
export function passes(mark: Mark, item: Item, linking: Linking | undefined, filter: Filter): boolean {
  if (!isFiltering(filter)) return true;
  const link = linkOf(mark, linking);
  const probability = link?.probability ?? undefined;
  if (filter.from > 0 && !((probability ?? -1) >= filter.from)) return false;
  if (filter.below < NO_FILTER.below && !((probability ?? 2) < filter.below)) return false;
  if (!isIn(filter.state, { mark, item, link, linking })) return false;
  const text = foldName(filter.text);
  if (text === "") return true;
  const answer = mark.gold ?? (link && proposed(link));
  const entity = answer?.kind === "entity" ? [answer.label ?? "", answer.id] : [];
  return [mark.text, ...entity].some((one) => foldName(one).includes(text));
}

/** Returns whether a name is in a state. */
function isIn(
  state: Filter["state"],
  {
    mark,
    item,
    link,
    linking,
  }: { mark: Mark; item: Item; link: WireMentionLink | undefined; linking: Linking | undefined },
): boolean {
  const { gold, note } = mark;
  switch (state) {
    case "any":
      return true;
    case "undecided":
      return gold === undefined;
    case "decided":
      return gold !== undefined;
    case "changed":
      return gold !== undefined && link !== undefined && !sameGold(gold, proposed(link));
    case "nil":
      return (gold ?? (link && proposed(link)))?.kind === "nil";
    case "flagged":
      return (note?.flagged ?? item.note?.flagged) === true;
    case "commented":
      return (note?.comment ?? item.note?.comment) !== undefined;
    case "failed":
      return linking?.status === "failed";
  }
}

/** Returns the part of the work that passes the filter: the captions with at least one name that does. */
export function filtered(
  { items, linkings }: Pick<State, "items" | "linkings">,
  filter: Filter,
): readonly Item[] {
  if (!isFiltering(filter)) return items;
  return items.filter((item) => {
    const linking = linkings.get(item.id);
    if (item.marks.length === 0 && filter.state === "failed") return linking?.status === "failed";
    return item.marks.some((mark) => passes(mark, item, linking, filter));
  });
}
