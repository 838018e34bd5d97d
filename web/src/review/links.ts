import { mostProbable } from "../../../src/formats/link-rows.js";
import type { Gold, Item, Linking, Mark, WireMentionLink } from "./types.js";

/**
 * Returns the link of a mark, or undefined if there is none. The link is found by text and offsets, because indices may
 * have changed since the request. It proposes what is most probable.
 */
export function linkOf(mark: Mark, linking: Linking | undefined): WireMentionLink | undefined {
  const found = linking?.links?.mentions[indexOf(mark, linking)];
  return found && proposing(found);
}

const indexOf = ({ text, start, end }: Mark, { links }: Linking): number =>
  links?.mentions.findIndex((one) => one.text === text && one.start === start && one.end === end) ?? -1;

/** Links that propose what is most probable, by the links that the linker gave. */
const proposals = new WeakMap<WireMentionLink, WireMentionLink>();

/**
 * Returns a link that proposes the most probable of the rows that the page shows. The linker proposes NIL only if it is
 * more probable than all entities together, but the reviewer chooses among single rows.
 */
function proposing(link: WireMentionLink): WireMentionLink {
  const known = proposals.get(link);
  if (known !== undefined) return known;
  const best = mostProbable(link);
  const { because: _, ...others } = best;
  const proposal = best === link ? link : others; // the reason is for the linker's proposal
  proposals.set(link, proposal);
  return proposal;
}

/**
 * Returns the link of a mark when the mark is linked without the caption's other names, or undefined if there is none.
 */
export function aloneOf(mark: Mark, linking: Linking | undefined): WireMentionLink | undefined {
  const found = linking?.alone?.[indexOf(mark, linking)];
  return found && proposing(found);
}

/**
 * Returns whether two lists mark the same names with the same types. If the lists differ, all names of the caption need
 * new links, since the names of a caption influence each other.
 */
export const sameNames = (a: readonly Mark[], b: readonly Mark[]): boolean =>
  a.length === b.length &&
  a.every((mark, index) => {
    const other = b[index]!;
    return (
      mark.text === other.text &&
      mark.start === other.start &&
      mark.end === other.end &&
      mark.type === other.type
    );
  });

/** Returns whether an item has links for exactly its current marks and their types. */
export const isAnswered = ({ marks }: Item, linking: Linking | undefined): boolean =>
  linking?.links?.mentions.length === marks.length &&
  marks.every((mark) => {
    const link = linkOf(mark, linking);
    return link !== undefined && link.type === mark.type;
  });

/** Returns the decision that accepts a suggested link. */
export const proposed = ({ entity }: WireMentionLink): Gold =>
  entity === null ? { kind: "nil" } : { kind: "entity", id: entity.id, label: entity.label };

/** How an entity occurs in a caption. */
export interface Occurrence {
  /** The text of the name. */
  readonly name: string;
  /** Whether the name is linked to the entity by a decision or a suggestion. If not, the entity is only a candidate. */
  readonly isLinked: boolean;
}

/** Returns the entities to which a caption's names are linked, and their candidates. Ignores the name at `index`. */
export function otherEntities(
  { marks }: Item,
  linking: Linking | undefined,
  index: number,
): ReadonlyMap<string, Occurrence> {
  const found = new Map<string, Occurrence>();
  for (const [at, mark] of marks.entries()) {
    if (at === index) continue;
    const link = linkOf(mark, linking);
    const gold = mark.gold ?? (link && proposed(link));
    if (gold?.kind === "entity" && !found.get(gold.id)?.isLinked)
      found.set(gold.id, { name: mark.text, isLinked: true });
    if (mark.gold !== undefined) continue; // its other candidates are rejected
    for (const { id } of link?.candidates ?? [])
      if (!found.has(id)) found.set(id, { name: mark.text, isLinked: false });
  }
  return found;
}

/** Returns whether two decisions are equal: both undecided, both NIL, or the same entity id. */
export const sameGold = (a: Gold | undefined, b: Gold | undefined): boolean =>
  a?.kind === b?.kind && (a?.kind === "entity" ? a.id : "") === (b?.kind === "entity" ? b.id : "");

/** Converts detected mentions to marks. */
export const detected = (mentions: readonly WireMentionLink[]): Mark[] =>
  mentions.map(({ text, start, end, type }) => ({
    text,
    ...(start !== undefined && end !== undefined && { start, end }),
    ...(type !== undefined && { type }),
  }));
