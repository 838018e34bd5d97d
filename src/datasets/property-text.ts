import { MmelError } from "../core/index.js";

/** Maps the headings in the published property texts to property names. */
export const PROPERTY_OF_HEADING = {
  Nickname: "nickname",
  "Nick name": "nickname",
  Sex: "sex",
  Birth: "birth",
  Death: "death",
  Religion: "religion",
  "Alma mater": "almaMater",
  "Work starts": "workStart",
  Occupation: "occupation",
  "Position held": "positionHeld",
  Spouse: "spouse",
  Languages: "languages",
} as const satisfies Readonly<Record<string, string>>;

type Heading = keyof typeof PROPERTY_OF_HEADING;

const HEADING = new RegExp(`(?:^|\\. )(${Object.keys(PROPERTY_OF_HEADING).join("|")}): `, "g");
const WHOLE: ReadonlySet<string> = new Set(["birth", "death"]);
const DATED: ReadonlySet<string> = new Set(["birth", "death", "workStart"]);

/**
 * Parses a property text such as `Sex: male. Birth: 1880, Little Rock. Occupation: actor, film producer.`
 *
 * A birth or death is a single value that consists of a date and places. In other properties, commas separate values.
 * The published text does not mark commas inside names, so "University of California, Berkeley" becomes two values.
 * Drops repeated and empty values, zero parts of dates (`1752-00-00` becomes `1752`), and dates that are Wikidata's
 * "some value" (`t183`). Throws `FORMAT` if the text does not begin with a heading.
 */
export function parseProperties(text: string, where: string): Record<string, readonly string[]> {
  const headings = [...text.matchAll(HEADING)];
  if (text !== "" && headings[0]?.index !== 0) {
    throw new MmelError("FORMAT", {
      what: `the properties start with "${text.slice(0, 60)}" instead of a heading`,
      where,
      expected: 'text such as "Sex: male. Birth: 1880, Little Rock."',
    });
  }
  const parsed = headings.map((heading, index): [string, string[]] => {
    const end = headings[index + 1]?.index ?? text.length - (text.endsWith(".") ? 1 : 0);
    const property = PROPERTY_OF_HEADING[heading[1] as Heading];
    return [property, valuesOf(property, text.slice(heading.index + heading[0].length, end))];
  });
  return Object.fromEntries(parsed.filter(([, values]) => values.length > 0));
}

function valuesOf(property: string, text: string): string[] {
  const dated = DATED.has(property) ? withoutUnknown(text) : text;
  const values = WHOLE.has(property) ? [dated] : dated.split(", ");
  return [...new Set(values.map((value) => value.trim()))].filter((value) => value !== "");
}

function withoutUnknown(date: string): string {
  return date.replace(/^(-?\d+(?:-(?!00)\d\d)?)(?:-00)+/, "$1").replace(/^t\d+(?:, |$)/, "");
}
