import { z } from "zod";
import { ARTISTS } from "./artists.js";
import {
  DATA_PACKAGES,
  type IconSet,
  type IconSets,
  iconsOf,
  readPackageJson,
  type SourcePackage,
} from "./packages.js";
import { aliasesOf, type Pictograph, wordsOf } from "./pictograph.js";

const brandsSchema = z.array(
  z.object({ name: z.string(), altnames: z.array(z.string()), tags: z.array(z.string()) }),
);

/** Names and tags of brands. Each brand is listed under the key (see `keyOf`) of each of its names. */
type Keywords = ReadonlyMap<string, { readonly names: readonly string[]; readonly tags: readonly string[] }>;

/**
 * Returns one logo per brand, sorted by key. Brands that have only a wordmark are left out, because a wordmark spells out the
 * name.
 */
export async function readLogos(
  packages: ReadonlyMap<string, SourcePackage>,
  sets: IconSets,
): Promise<Pictograph[]> {
  const keywords = await readKeywords(packages);
  const { entity, train, dev, test } = ARTISTS.logo;
  const drawn = new Map([...sets].map(([artist, set]) => [artist, brandsIn(set)]));
  const others = [...train, ...dev, ...test];
  return [...drawn.get(entity)!].map(([key, { base, icon }]) => ({
    kind: "logo",
    entity: entityOf(key, base, keywords),
    icons: new Map([
      [entity, icon],
      ...iconsOf(sets, others, ({ artist }) => drawn.get(artist)!.get(key)?.icon),
    ]),
  }));
}

function entityOf(key: string, base: string, keywords: Keywords): Pictograph["entity"] {
  const label = base.split("-").map(inTitle).join(" ");
  const { names = [], tags = [] } = keywords.get(key) ?? {};
  const subgroup = tags[0] ?? "brand";
  return {
    id: `logo:${base}`,
    label,
    aliases: aliasesOf(label, [...names, ...wordsOf(label), ...tags]),
    description: `logo of ${label}${tags.length > 0 ? ` (${tags.join(", ")})` : ""}`,
    properties: {
      kind: ["logo"],
      group: ["logos"],
      subgroup: [subgroup],
      ...(tags.length > 0 && { field: tags }),
    },
    images: [],
  };
}

async function readKeywords(packages: ReadonlyMap<string, SourcePackage>): Promise<Keywords> {
  const brands = await readPackageJson(packages.get(DATA_PACKAGES.logos)!, "devicon.json", brandsSchema);
  return new Map(
    brands.flatMap(({ name, altnames, tags }) => {
      const known = {
        names: altnames,
        tags: [...new Set(tags.map((tag) => tag.replaceAll("-", " ").toLowerCase()))],
      };
      return [name, ...altnames].map((spelling): [string, typeof known] => [keyOf(spelling), known]);
    }),
  );
}

interface Brand {
  /** Name of the brand's icon without style suffixes. */
  readonly base: string;
  readonly icon: string;
}

const STYLE =
  /-(?:icon|wordmark|monochromatic|dark|light|alt|black|white|original|line|plain|color|vertical|horizontal|20\d\d)$/;
const FILE_TYPE = "file-type-";

/** A drawing counts as a wordmark if its aspect ratio is above this value or below its inverse. */
const MAX_ASPECT = 2;

/**
 * Returns the brands in a set, keyed and sorted by `keyOf`. For each brand, selects the drawing with the lowest
 * `styleRank` among the drawings that are not wordmarks.
 */
function brandsIn(set: IconSet): ReadonlyMap<string, Brand> {
  const brands = new Map<string, Brand>();
  const signs = set.names.filter((name) => {
    const aspect = set.aspect(name);
    return aspect <= MAX_ASPECT && aspect >= 1 / MAX_ASPECT && !name.endsWith("-wordmark");
  });
  for (const icon of signs.sort((a, b) => styleRank(a) - styleRank(b))) {
    const base = baseOf(set.artist === "vscode-icons" ? icon.replace(FILE_TYPE, "") : icon);
    const key = keyOf(base);
    if (key !== "" && !brands.has(key)) brands.set(key, { base, icon });
  }
  return new Map([...brands].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Returns a sort key for drawings: 0 for an icon, 1 for the standard logo, 2 for a variant of the logo. */
const styleRank = (name: string): number => (name.endsWith("-icon") ? 0 : STYLE.test(name) ? 2 : 1);

function baseOf(name: string): string {
  const shorter = name.replace(STYLE, "");
  return shorter === name ? name : baseOf(shorter);
}

/** Returns a key for a brand that is the same for spelling variants such as `nodedotjs`, `nodejs` and `node-js`. */
function keyOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/dot(?=(?:js|io|com|org|net|ai|dev)$)/, "")
    .replace(/[^a-z0-9]/g, "");
}

const CAPITALS: ReadonlySet<string> = new Set([
  "ai",
  "api",
  "aws",
  "css",
  "html",
  "ibm",
  "php",
  "sql",
  "ui",
  "xml",
]);

const inTitle = (word: string): string =>
  CAPITALS.has(word) ? word.toUpperCase() : word.slice(0, 1).toUpperCase() + word.slice(1);
