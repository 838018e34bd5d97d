import { fold } from "./fold.js";
import { NAME_LANGUAGES } from "./languages/index.js";

/** Languages with a table of their own, and variants that write some months differently ("Jänner", "jul."). */
const LANGUAGES = [...NAME_LANGUAGES.map(({ code }) => code), "de-AT", "nb", "sv"];

let months: ReadonlySet<string> | undefined;

/**
 * Returns whether a folded word is the name or the abbreviation of a month, alone or as it is written after a day
 * ("июль", "июля"). Some months are given names, too, such as "May". Source: CLDR, through the `Intl` interface.
 */
export function isMonth(word: string): boolean {
  months ??= new Set(LANGUAGES.flatMap(monthsIn).filter((name) => /\p{L}/u.test(name)));
  return months.has(word);
}

function monthsIn(language: string): string[] {
  const styles: Intl.DateTimeFormatOptions[] = (["long", "short"] as const).flatMap((month) => [
    { month },
    { month, day: "numeric" },
  ]);
  return styles.flatMap((style) => {
    const format = new Intl.DateTimeFormat(language, { ...style, timeZone: "UTC" });
    return Array.from({ length: 12 }, (_, index) => format.formatToParts(Date.UTC(2000, index))).flatMap(
      (parts) => parts.flatMap(({ type, value }) => (type === "month" ? fold(value) : [])),
    );
  });
}
