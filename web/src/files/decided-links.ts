import type { Item, State, WireLinks } from "../review/index.js";

/**
 * Converts the decisions to links, for `mmel dataset sidecar`. The links contain only decided names and no candidates.
 * Their probability is null, because a person decided.
 */
export function decidedLinks(
  items: readonly Item[],
  linkings: State["linkings"],
  labelOf: (id: string) => string | undefined,
): WireLinks[] {
  return items.map(({ id, text, image, language, marks }) => {
    const { model = "review", kb = "" } = linkings.get(id)?.links ?? {};
    return {
      id,
      text,
      ...(language !== undefined && { language }),
      ...(image !== undefined && { image }),
      mentions: marks.flatMap(({ text: name, start, end, type, gold }): WireLinks["mentions"] => {
        if (gold === undefined) return [];
        const entity =
          gold.kind === "nil" ? null : { id: gold.id, label: gold.label ?? labelOf(gold.id) ?? gold.id };
        return [
          {
            text: name,
            ...(start !== undefined && end !== undefined && { start, end }),
            ...(type !== undefined && { type }),
            outcome: entity === null ? "nil" : "linked",
            entity,
            probability: null,
            candidates: [],
          },
        ];
      }),
      model,
      kb,
    };
  });
}
