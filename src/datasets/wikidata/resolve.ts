import type { Entity } from "../../core/index.js";
import type { Draft } from "./draft.js";
import type { Part } from "./properties.js";

/**
 * The entity of a draft, its references replaced by labels. A reference without a label is left out, and so is a value
 * that nothing is left of; `onMissing` hears of each.
 */
export function resolveDraft(
  draft: Draft,
  labelOf: (item: number) => string | undefined,
  onMissing?: (item: number) => void,
): Entity {
  const written = (part: Part): string | undefined => {
    if (typeof part === "string") return part;
    const label = labelOf(part);
    if (label === undefined) onMissing?.(part);
    return label;
  };
  const properties = draft.properties.flatMap(([name, values]): [string, string[]][] => {
    const texts = values.map((parts) => parts.flatMap((part) => written(part) ?? []).join(", "));
    const distinct = [...new Set(texts)].filter((text) => text !== "");
    return distinct.length > 0 ? [[name, distinct]] : [];
  });
  return { ...draft, properties: Object.fromEntries(properties) };
}

/** The items that a draft refers to. */
export function referencesOf({ properties }: Draft): number[] {
  return properties.flatMap(([, values]) =>
    values.flatMap((parts) => parts.filter((part): part is number => typeof part === "number")),
  );
}
