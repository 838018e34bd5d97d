import type { Entity } from "../core/index.js";

/**
 * Content of an entity's text. `properties`: only the properties, as in the paper, so that the model does not learn
 * from names. `name+properties`: label and description, then the properties.
 */
export type EntityText = "properties" | "name+properties";

/**
 * Returns the text of an entity (section 3.2.1 of the paper), such as `Sex: male. Birth: 1880, Little Rock. Occupation:
 * actor, film producer.`
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

/** Converts the name of a property to a title: `almaMater` -> `Alma mater`, `position_held` -> `Position held`. */
function title(name: string): string {
  const words = name
    .replace(/_/g, " ")
    .replace(
      /([a-z])([A-Z])(?=[a-z])/g,
      (_, before: string, capital: string) => `${before} ${capital.toLowerCase()}`,
    );
  return words.charAt(0).toUpperCase() + words.slice(1);
}
