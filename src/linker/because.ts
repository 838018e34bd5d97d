import type { Entity } from "../core/index.js";
import type { Ranked } from "../ranking/index.js";

/**
 * Says in a short sentence why the other mentions of a caption put the candidate `first` before the candidate `before`.
 * Names properties as the knowledge base does, so that the sentence is true in any language. `linked` contains the ids of the
 * entities to which the caption's mentions are linked.
 */
export function because(
  { candidate: { entity: first }, support }: Pick<Ranked, "candidate" | "support">,
  { candidate: { entity: before } }: Pick<Ranked, "candidate">,
  linked: ReadonlySet<string>,
): string {
  const found = support?.();
  if (found === undefined) return `${before.label} fits the other names of the caption less`;
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

/** Says how a caption names an entity: for certain, or only possibly. */
function whereNamed({ label }: Entity, text: string, isLinked: boolean): string {
  if (!isLinked) return `a candidate for “${text}”`;
  return text === label ? "named in the caption" : `named in the caption as “${text}”`;
}
