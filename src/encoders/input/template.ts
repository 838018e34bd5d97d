/**
 * The wording of the model's input, of which there is no other copy: `Mention: {mention}. Context: {context}.` beside
 * `Entity: {entity}.` A part that already ends with a full stop gets no second one.
 */
export const WORDING = { mention: "Mention:", context: ". Context:", entity: "Entity:", end: "." } as const;

/** The first text of a pair, before any truncation. */
export function contextSentence(mention: string, context: string): string {
  return `${WORDING.mention} ${open(mention)}${WORDING.context} ${open(context)}${WORDING.end}`;
}

/** The second text of a pair, before any truncation. */
export function entitySentence(entity: string): string {
  return `${WORDING.entity} ${open(entity)}${WORDING.end}`;
}

/** A text without its final full stop, which the template adds. */
export function open(text: string): string {
  const trimmed = text.trimEnd();
  return trimmed.endsWith(WORDING.end) ? trimmed.slice(0, -WORDING.end.length) : trimmed;
}
