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

/** Keywords of brands by the key of each of their names. */
type Keywords = ReadonlyMap<string, { readonly names: readonly string[]; readonly tags: readonly string[] }>;

/** One logo per brand, sorted by name. Brands with only a wordmark are left out, because the picture would spell out the name. */
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
  /** Its slug without suffixes for the style of the drawing. */
  readonly base: string;
  readonly icon: string;
}

const STYLE =
  /-(?:icon|wordmark|monochromatic|dark|light|alt|black|white|original|line|plain|color|vertical|horizontal|20\d\d)$/;
const FILE_TYPE = "file-type-";

/** Drawings with an aspect ratio beyond this, or below its inverse, count as wordmarks. */
const MAX_ASPECT = 2;

/** The brands of a set by key, each with its plainest drawing that is not a wordmark. */
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

/** Sorts the icon first, then the plain logo, then its variants. */
const styleRank = (name: string): number => (name.endsWith("-icon") ? 0 : STYLE.test(name) ? 2 : 1);

function baseOf(name: string): string {
  const shorter = name.replace(STYLE, "");
  return shorter === name ? name : baseOf(shorter);
}

/** A key that is the same for the spellings of different sets: `nodedotjs`, `nodejs`, `node-js`. */
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
