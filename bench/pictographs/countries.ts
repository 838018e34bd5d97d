import { z } from "zod";
import { DATA_PACKAGES, readPackageJson, type SourcePackage } from "./packages.js";
import { wordsOf } from "./pictograph.js";

/** What is known of a country beside its flag. */
export interface Country {
  readonly continent: string;
  /** Its name and other names. */
  readonly names: readonly string[];
  /** What it shares with others: continent, languages, the last word of its currency ("franc"). */
  readonly keywords: readonly string[];
  readonly properties: Readonly<Record<string, readonly string[]>>;
}

const countrySchema = z.object({
  name: z.string(),
  alias: z.array(z.string()).optional(),
  continent: z.string(),
  capital: z.string().optional(),
  currency: z.array(z.string()),
  languages: z.array(z.string()),
});
const namedSchema = z.record(z.string(), z.object({ name: z.string() }));

/** Countries by their code in capitals (ISO 3166-1 alpha-2). */
export async function readCountries(
  packages: ReadonlyMap<string, SourcePackage>,
): Promise<ReadonlyMap<string, Country>> {
  const source = packages.get(DATA_PACKAGES.countries)!;
  const countries = await readPackageJson(source, "countries.min.json", z.record(z.string(), countrySchema));
  const continents = await readPackageJson(source, "continents.min.json", z.record(z.string(), z.string()));
  const languages = await readPackageJson(source, "languages.min.json", namedSchema);
  const currencies = await readPackageJson(source, "currencies.min.json", namedSchema);
  const named = (table: z.infer<typeof namedSchema>, codes: readonly string[]): string[] =>
    codes.flatMap((code) => table[code]?.name ?? []);
  return new Map(
    Object.entries(countries).map(([code, { name, alias = [], capital, ...codes }]) => {
      const continent = continents[codes.continent] ?? codes.continent;
      const spoken = named(languages, codes.languages);
      const money = named(currencies, codes.currency);
      const coins = money.flatMap((currency) => wordsOf(currency).at(-1)?.toLowerCase() ?? []);
      return [
        code,
        {
          continent,
          names: [name, ...alias],
          keywords: [continent, ...spoken, ...coins],
          properties: {
            continent: [continent],
            ...(capital && { capital: [capital] }),
            ...(spoken.length > 0 && { languages: spoken }),
            ...(money.length > 0 && { currency: money }),
          },
        },
      ];
    }),
  );
}
