import { z } from "zod";
import { ARTISTS, type Kind } from "./artists.js";
import {
  DATA_PACKAGES,
  type IconSet,
  type IconSets,
  iconsOf,
  readPackageJson,
  type SourcePackage,
} from "./packages.js";
import { aliasesOf, type Pictograph, slugOf, wordsOf } from "./pictograph.js";

const emojiSchema = z.object({
  label: z.string(),
  hexcode: z.string(),
  tags: z.array(z.string()).optional(),
  group: z.number().optional(),
  subgroup: z.number().optional(),
});
const keysSchema = z.record(z.string(), z.string());
const groupsSchema = z.object({ groups: keysSchema, subgroups: keysSchema });
const messageSchema = z.array(z.object({ key: z.string(), message: z.string() }));
const messagesSchema = z.object({ groups: messageSchema, subgroups: messageSchema });

interface Emoji {
  readonly label: string;
  readonly hexcode: string;
  readonly tags: readonly string[];
  readonly groupKey: string;
  readonly subgroupKey: string;
  readonly group: string;
  readonly subgroup: string;
}

/**
 * Returns all emoji except skin-tone variants, in the order of the Unicode standard. The flags of countries and their
 * subdivisions are included.
 */
export async function readEmoji(
  packages: ReadonlyMap<string, SourcePackage>,
  sets: IconSets,
  countries: ReadonlyMap<string, Country>,
): Promise<Pictograph[]> {
  const source = packages.get(DATA_PACKAGES.emoji)!;
  const emoji = await readPackageJson(source, "en/data.json", z.array(emojiSchema));
  const keys = await readPackageJson(source, "meta/groups.json", groupsSchema);
  const messages = await readPackageJson(source, "en/messages.json", messagesSchema);
  const inWords = (kind: "groups" | "subgroups", key: string): string =>
    messages[kind].find((message) => message.key === key)?.message ?? key;
  return emoji.flatMap(({ label, hexcode, tags = [], group, subgroup }) => {
    const groupKey = keys.groups[String(group)];
    const subgroupKey = keys.subgroups[String(subgroup)];
    if (groupKey === undefined || subgroupKey === undefined || groupKey === "component") return [];
    const words = { group: inWords("groups", groupKey), subgroup: inWords("subgroups", subgroupKey) };
    const item: Emoji = { label, hexcode, tags, groupKey, subgroupKey, ...words };
    return [FLAGS.has(subgroupKey) ? flagOf(item, sets, countries) : emojiOf(item, sets)];
  });
}

const FLAGS: ReadonlySet<string> = new Set(["country-flag", "subdivision-flag"]);

function emojiOf({ label, hexcode, tags, group, subgroup }: Emoji, sets: IconSets): Pictograph {
  const standard = standardName(sets, hexcode) ?? slugOf(label);
  const names = [standard, slugOf(label)];
  return {
    kind: "emoji",
    entity: {
      id: `emoji:${hexcode}`,
      label,
      aliases: aliasesOf(label, tags),
      description: `emoji of ${subgroup}, ${group}`,
      properties: { kind: ["emoji"], group: [group], subgroup: [subgroup] },
      images: [],
    },
    icons: iconsOf(sets, artistsOf("emoji"), (set) => set.nameOf(hexcode) ?? firstIn(set, names)),
  };
}

function flagOf(
  { label, hexcode, tags, group, subgroup }: Emoji,
  sets: IconSets,
  countries: ReadonlyMap<string, Country>,
): Pictograph {
  const code = regionOf(hexcode);
  const name = label.replace(/^flag: /, "");
  const country = countries.get(code.toUpperCase());
  const standard = standardName(sets, hexcode)?.replace(/^flag-/, "") ?? slugOf(name);
  const names = [`${code}-4x3`, code, `flag-for-${standard}`, `flag-${standard}`];
  const keywords = tags.filter((tag) => tag !== "flag");
  return {
    kind: "flag",
    entity: {
      id: `flag:${code.toUpperCase()}`,
      label: name,
      aliases: aliasesOf(name, [
        ...keywords,
        ...(country?.names ?? []),
        ...wordsOf(name),
        ...(country?.keywords ?? []),
      ]),
      description: country === undefined ? `flag of ${name}` : `flag of ${name}, ${country.continent}`,
      properties: { kind: ["flag"], group: [group], subgroup: [subgroup], ...country?.properties },
      images: [],
    },
    icons: iconsOf(sets, artistsOf("flag"), (set) => set.nameOf(hexcode) ?? firstIn(set, names)),
  };
}

function artistsOf(kind: Kind): string[] {
  const { entity, train, dev, test } = ARTISTS[kind];
  return [entity, ...train, ...dev, ...test];
}

const standardName = (sets: IconSets, hexcode: string): string | undefined =>
  sets.get(ARTISTS.emoji.entity)!.nameOf(hexcode);

const firstIn = (set: IconSet, names: readonly string[]): string | undefined =>
  names.find((name) => set.has(name));

/** Returns the region code of a flag: `1F1F9-1F1F7` gives `tr`, and the tag sequence for England gives `gb-eng`. */
function regionOf(hexcode: string): string {
  const points = hexcode.split("-").map((part) => Number.parseInt(part, 16));
  const letters = points.map((point) => {
    if (point >= 0x1f1e6 && point <= 0x1f1ff) return String.fromCharCode(point - 0x1f1e6 + 97);
    return point >= 0xe0061 && point <= 0xe007a ? String.fromCharCode(point - 0xe0000) : "";
  });
  return letters.join("").replace(/^(..)(.+)$/, "$1-$2");
}

/** Facts about a country, for the entity of its flag. */
export interface Country {
  readonly continent: string;
  /** The country's name and alternative names. */
  readonly names: readonly string[];
  /** Keywords that other countries may share: continent, languages, and the last word of the currency ("franc"). */
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

/** Reads all countries, keyed by upper-case code (ISO 3166-1 alpha-2). */
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
