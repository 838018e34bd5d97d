import type { Entity } from "../core/index.js";
import { fold, isTypeProperty, lifeProperty, yearsOf } from "../names/index.js";
import { type LifeDates, lifeText } from "./life-dates.js";

/**
 * Returns one line about an entity: its description; or else its life dates and its occupation or type; or else its
 * first properties; or else its id.
 */
export function entitySummary({ description, properties, id }: Entity): string {
  if (description !== undefined) return description;
  const facts = [lifeDates(properties), occupation(properties)].filter((fact) => fact !== "");
  return (facts.length > 0 ? facts : firstProperties(properties)).join(" · ") || id;
}

type Properties = Entity["properties"];

/** Returns the life dates (see `lifeText`), or "" if the properties contain none. */
function lifeDates(properties: Properties): string {
  const stated: LifeDates = {};
  for (const [name, [value]] of Object.entries(properties)) {
    const kind = lifeProperty(name);
    if (kind !== undefined && value !== undefined) stated[kind] ??= value;
  }
  const { birth, death, life } = stated;
  return lifeText({ birth: yearText(birth), death: yearText(death), life }) ?? "";
}

/** Returns the year of a date, or its text before the first comma if it contains no exact year: "c. 1850". */
function yearText(date = ""): string | undefined {
  const [from, to] = yearsOf(date) ?? [];
  return from !== undefined && from === to ? String(from) : date.split(",", 1)[0]!.trim() || undefined;
}

/** Names of properties with occupations, folded. Source: written for this project from general knowledge. */
const OCCUPATIONS: ReadonlySet<string> = new Set(
  "occupation, occupations, profession, p106, beruf, métier, ocupación, profesión, professione, ocupação, profissão, beroep, zawód, povolání, профессия, meslek"
    .split(", ")
    .map(fold),
);

/** Returns the first values of the property that states an occupation or else a type; "" if there is none. */
function occupation(properties: Properties): string {
  const named = (isNamed: (name: string) => boolean): readonly string[] | undefined =>
    Object.entries(properties).find(([name, values]) => values.length > 0 && isNamed(name))?.[1];
  const values = named((name) => OCCUPATIONS.has(fold(name))) ?? named(isTypeProperty) ?? [];
  return values.slice(0, 3).join(", ");
}

const firstProperties = (properties: Properties): string[] =>
  Object.entries(properties)
    .filter(([, values]) => values.length > 0)
    .slice(0, 4)
    .map(([name, values]) => `${name}: ${values.slice(0, 3).join(", ")}`);
