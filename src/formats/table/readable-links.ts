import type { Caption, CaptionLinks } from "../../core/index.js";

/** The columns of links in a table for people, with one row per mention. */
export const READABLE_COLUMNS = [
  "caption id",
  "caption",
  "picture",
  "name",
  "outcome",
  "entity id",
  "entity",
  "probability",
] as const;

/**
 * Returns the rows of a caption's links, with cells in the order of `READABLE_COLUMNS`. The probability has three
 * decimals. A caption without mentions has one row.
 */
export function readableRows(
  { id, text, image = "" }: Pick<Caption, "id" | "text" | "image">,
  { mentions }: Pick<CaptionLinks, "mentions">,
): (string | number | null)[][] {
  if (mentions.length === 0) return [[id, text, image, "", "", "", "", null]];
  return mentions.map(({ text: name, entity, probability }) => [
    ...[id, text, image, name],
    entity === null ? "not in the knowledge base" : "linked",
    ...[entity?.id ?? "", entity?.label ?? ""],
    probability === null ? null : Number(probability.toFixed(3)),
  ]);
}
