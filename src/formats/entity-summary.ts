import type { Entity } from "../core/index.js";
import { fold, isTypeProperty, lifeProperty, yearsOf } from "../names/index.js";

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

/** Returns "1900–1972", "born 1900", "died 1972", or "" if the properties contain no life dates. */
function lifeDates(properties: Properties): string {
  const stated: { birth?: string; death?: string; life?: string } = {};
  for (const [name, [value]] of Object.entries(properties)) {
    const kind = lifeProperty(name);
    if (kind !== undefined && value !== undefined) stated[kind] ??= value;
  }
  const birth = yearText(stated.birth);
  const death = yearText(stated.death);
  if (birth !== "" && death !== "") return `${birth}–${death}`;
  if (birth !== "") return `born ${birth}`;
  return death === "" ? (stated.life ?? "") : `died ${death}`;
}

/** Returns the year of a date, or its text before the first comma if it contains no exact year: "c. 1850". */
function yearText(date = ""): string {
  const [from, to] = yearsOf(date) ?? [];
  return from !== undefined && from === to ? String(from) : date.split(",", 1)[0]!.trim();
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
