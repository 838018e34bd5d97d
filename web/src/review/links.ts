import type { Gold, Item, Linking, Mark, WireCandidate, WireMentionLink } from "./types.js";

/** Returns the linker's answer for a mark, found by text and offsets, since other marks may have changed meanwhile. */
export function linkOf(mark: Mark, linking: Linking | undefined): WireMentionLink | undefined {
  return linking?.links?.mentions.find(
    ({ text, start, end }) => text === mark.text && start === mark.start && end === mark.end,
  );
}

/** Returns the linker's answer for a mark without the caption's other names. */
export function aloneOf(mark: Mark, linking: Linking | undefined): WireMentionLink | undefined {
  const link = linkOf(mark, linking);
  return link && linking?.alone?.[linking.links!.mentions.indexOf(link)];
}

/** Whether two lists mark the same names. If not, all names need new links, since they influence each other. */
export const samePlaces = (a: readonly Mark[], b: readonly Mark[]): boolean =>
  a.length === b.length &&
  a.every((mark, index) => {
    const other = b[index]!;
    return mark.text === other.text && mark.start === other.start && mark.end === other.end;
  });

/** Whether there are links for exactly the item's marks. */
export const isAnswered = ({ marks }: Item, linking: Linking | undefined): boolean =>
  linking?.links?.mentions.length === marks.length &&
  marks.every((mark) => linkOf(mark, linking) !== undefined);

/** Returns the decision that accepts the linker's answer. */
export const proposed = ({ entity }: WireMentionLink): Gold =>
  entity === null ? { kind: "nil" } : { kind: "entity", id: entity.id, label: entity.label };

/** Returns the decision for a candidate. */
export const chosen = ({ id, label }: WireCandidate): Gold => ({ kind: "entity", id, label });

export const sameGold = (a: Gold | undefined, b: Gold | undefined): boolean =>
  a?.kind === b?.kind && (a?.kind === "entity" ? a.id : "") === (b?.kind === "entity" ? b.id : "");

/** Returns the marks of detected names. */
export const detected = (mentions: readonly WireMentionLink[]): Mark[] =>
  mentions.map(({ text, start, end }) => ({
    text,
    ...(start !== undefined && end !== undefined && { start, end }),
  }));
