import type { Gold, Item, Linking, Mark, WireCandidate, WireMentionLink } from "./types.js";

/** What the linker said about a mark, found by its place and text: other marks may have come and gone since. */
export function linkOf(mark: Mark, linking: Linking | undefined): WireMentionLink | undefined {
  return linking?.links?.mentions.find(
    ({ text, start, end }) => text === mark.text && start === mark.start && end === mark.end,
  );
}

/** What the linker would have said about a mark if the caption's other names were left out. */
export function aloneOf(mark: Mark, linking: Linking | undefined): WireMentionLink | undefined {
  const link = linkOf(mark, linking);
  return link && linking?.alone?.[linking.links!.mentions.indexOf(link)];
}

/** Whether two lists name the same places: names decide each other, so one more changes the answer for all. */
export const samePlaces = (a: readonly Mark[], b: readonly Mark[]): boolean =>
  a.length === b.length &&
  a.every((mark, at) => {
    const other = b[at]!;
    return mark.text === other.text && mark.start === other.start && mark.end === other.end;
  });

/** Whether an answer is there for exactly these marks. */
export const isAnswered = ({ marks }: Item, linking: Linking | undefined): boolean =>
  linking?.links?.mentions.length === marks.length &&
  marks.every((mark) => linkOf(mark, linking) !== undefined);

/** What accepting the linker's answer means. */
export const proposed = ({ entity }: WireMentionLink): Gold =>
  entity === null ? { kind: "nil" } : { kind: "entity", id: entity.id, label: entity.label };

/** The decision that a candidate stands for. */
export const chosen = ({ id, label }: WireCandidate): Gold => ({ kind: "entity", id, label });

export const sameGold = (a: Gold | undefined, b: Gold | undefined): boolean =>
  a?.kind === b?.kind && (a?.kind === "entity" ? a.id : "") === (b?.kind === "entity" ? b.id : "");

/** The marks that an answer to a caption without marks brings: names that were detected. */
export const detected = (mentions: readonly WireMentionLink[]): Mark[] =>
  mentions.map(({ text, start, end }) => ({
    text,
    ...(start !== undefined && end !== undefined && { start, end }),
  }));
