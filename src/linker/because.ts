import type { Entity } from "../core/index.js";
import type { Ranked } from "../ranking/index.js";

/**
 * Returns a short sentence that explains why, given the caption's other mentions, `first` ranks first instead of
 * `before`. Names properties as the knowledge base does. `linked` contains the ids of the entities to which the
 * caption's mentions are linked.
 */
export function because(
  { candidate: { entity: first }, support }: Pick<Ranked, "candidate" | "support">,
  { candidate: { entity: before } }: Pick<Ranked, "candidate">,
  linked: ReadonlySet<string>,
): string {
  const found = support?.();
  if (found === undefined) return `${before.label} fits the caption's other names less well`;
  const { entity, text, fact } = found;
  const { label } = entity;
  const where = whereNamed(entity, text, linked.has(entity.id));
  if (fact === undefined) return `${first.label} fits ${label}, ${where}`;
  const { holder, property, value } = fact;
  if (holder === "left") return `${first.label} has “${property}: ${label}”, ${where}`;
  if (holder === "right") return `${label}, ${where}, has “${property}: ${first.label}”`;
  const both = `${first.label} and ${label}, ${where},`;
  return value === undefined
    ? `${both} have the same “${property}”`
    : `${both} both have “${property}: ${value}”`;
}

/**
 * Describes how the caption names an entity. If no mention is linked to the entity, describes the entity as a candidate
 * for the mention `text`.
 */
function whereNamed({ label }: Entity, text: string, isLinked: boolean): string {
  if (!isLinked) return `a candidate for “${text}”`;
  return text === label ? "named in the caption" : `named in the caption as “${text}”`;
}
