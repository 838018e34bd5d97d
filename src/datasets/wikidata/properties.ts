import { objectOf, textOf } from "./json.js";
import { isChosen } from "./item-json.js";
import type { WikidataSettings } from "./settings.js";
import { bestValues, type DataValue, itemOf } from "./statements.js";
import { precisionOf, timeOf } from "./time.js";

/** A text, or the number of the item whose label belongs there. */
export type Part = string | number;

/** A property's name and its values; the parts of a value are joined by commas. */
export type DraftProperty = readonly [name: string, values: readonly (readonly Part[])[]];

type Claims = Readonly<Record<string, unknown>>;

/** An item's properties as the map says, in the map's order; those without values are left out. */
export function draftProperties(
  claims: Claims,
  { properties, languages }: Pick<WikidataSettings, "properties" | "languages">,
): DraftProperty[] {
  const byName = new Map<string, (readonly Part[])[]>();
  for (const [key, name] of Object.entries(properties)) {
    const parts = key.split("+").map((property) => valuesOf(bestValues(claims, property), languages));
    const values = parts.length === 1 ? parts[0]!.map(({ part }) => [part]) : [joined(parts)];
    const all = byName.get(name) ?? [];
    all.push(...values.filter((value) => value.length > 0));
    byName.set(name, all);
  }
  return [...byName].filter(([, values]) => values.length > 0);
}

interface Valued {
  readonly part: Part;
  readonly precision: number;
}

/** The finest date, the first of anything else. */
function joined(parts: readonly (readonly Valued[])[]): Part[] {
  return parts.flatMap((values) => {
    const finest = Math.max(...values.map(({ precision }) => precision));
    return values.find(({ precision }) => precision === finest)?.part ?? [];
  });
}

/** Texts of a language come in the chosen ones, or, when there is none in them, in all there are. */
function valuesOf(values: readonly DataValue[], languages: readonly string[]): Valued[] {
  const chosen = values.filter(
    ({ type, value }) => type === "monolingualtext" && isChosen(objectOf(value).language, languages),
  );
  return (chosen.length > 0 ? chosen : values).flatMap(valued);
}

function valued({ type, value }: DataValue): Valued[] {
  const part = partOf(type, value);
  return part === undefined ? [] : [{ part, precision: type === "time" ? precisionOf(value) : 0 }];
}

function partOf(type: string, value: unknown): Part | undefined {
  switch (type) {
    case "wikibase-entityid": {
      const id = itemOf(value);
      return id === undefined ? undefined : Number(id.slice(1));
    }
    case "time":
      return timeOf(value)?.text;
    case "monolingualtext":
      return textOf(objectOf(value).text);
    case "quantity":
      return textOf(objectOf(value).amount)?.replace(/^\+/, "");
    case "globecoordinate": {
      const { latitude, longitude } = objectOf(value);
      return typeof latitude === "number" && typeof longitude === "number"
        ? `${latitude}, ${longitude}`
        : undefined;
    }
    default:
      return textOf(value);
  }
}
