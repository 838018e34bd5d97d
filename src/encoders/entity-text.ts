import type { Entity } from "../core/index.js";

/**
 * Content of an entity's text: its properties only, as in the paper, so that the model sees no names; or label and
 * description first.
 */
export type EntityText = "properties" | "name+properties";

/**
 * Writes an entity as text (section 3.2.1 of the paper): `Sex: male. Birth: 1880, Little
 * Rock. Occupation: actor, film producer.`
 */
export function entityText(entity: Entity, kind: EntityText): string {
  const { label, description, properties } = entity;
  const named = kind === "name+properties";
  return [
    ...(named ? [`${label}.`] : []),
    ...(named && description !== undefined ? [sentence("description", [description])] : []),
    ...Object.entries(properties).flatMap(([name, values]) =>
      values.length > 0 ? [sentence(name, values)] : [],
    ),
  ].join(" ");
}

function sentence(name: string, values: readonly string[]): string {
  return `${title(name)}: ${values.join(", ")}.`;
}

/** `almaMater` -> `Alma mater`, `position_held` -> `Position held`. */
function title(name: string): string {
  const words = name
    .replace(/_/g, " ")
    .replace(
      /([a-z])([A-Z])(?=[a-z])/g,
      (_, before: string, capital: string) => `${before} ${capital.toLowerCase()}`,
    );
  return words.charAt(0).toUpperCase() + words.slice(1);
}
