import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { MmelError } from "../../src/core/index.js";
import { parseWire, readJson } from "../../src/formats/index.js";
import { ALL_ARTISTS } from "./artists.js";

/** An installed package that contains source data for the generator. */
export interface SourcePackage {
  readonly name: string;
  readonly version: string;
  /** Licence identifier from the package's `package.json`. */
  readonly license: string;
  readonly folder: string;
}

export const iconPackage = (artist: string): string => `@iconify-json/${artist}`;

/** Packages that contain names and keywords of emoji, facts about countries, and keywords of logos. */
export const DATA_PACKAGES = {
  emoji: "emojibase-data",
  countries: "countries-list",
  logos: "devicon",
} as const;

const REQUIRED: readonly string[] = [...ALL_ARTISTS.map(iconPackage), ...Object.values(DATA_PACKAGES)];

const manifestSchema = z.object({ version: z.string(), license: z.string() });

/**
 * Finds the packages that the generator needs in the folder's `node_modules`. Returns the packages by name. Throws
 * `FILE_NOT_FOUND` if packages are missing; the hint contains the command that installs them.
 */
export async function findPackages(folder: string): Promise<ReadonlyMap<string, SourcePackage>> {
  const found = await Promise.all(REQUIRED.map((name) => findPackage(folder, name)));
  const missing = REQUIRED.filter((_, index) => found[index] === undefined);
  if (missing.length > 0) {
    throw new MmelError("FILE_NOT_FOUND", {
      what: `${missing.length} of ${REQUIRED.length} packages that the generator needs are not installed`,
      where: join(folder, "node_modules"),
      hint: `Run \`npm install ${missing.join(" ")}\` in ${folder}, or use \`--packages DIR\` to choose another folder whose node_modules contains them.`,
    });
  }
  return new Map(found.filter((source) => source !== undefined).map((source) => [source.name, source]));
}

/** Returns a package in the folder's `node_modules`, or undefined if the package is not installed there. */
export async function findPackage(parent: string, name: string): Promise<SourcePackage | undefined> {
  const folder = join(parent, "node_modules", name);
  const path = join(folder, "package.json");
  const present = await readFile(path).then(
    () => true,
    () => false,
  );
  if (!present) return undefined;
  return { name, folder, ...parseWire(manifestSchema, await readJson(path), "FORMAT") };
}

/** Reads and validates a JSON file in a package. Throws `FORMAT`, with the package's name and version, if it is invalid. */
export async function readPackageJson<T>(
  { name, version, folder }: SourcePackage,
  file: string,
  schema: z.ZodType<T>,
): Promise<T> {
  const value = await readJson(join(folder, file));
  try {
    return parseWire(schema, value, "FORMAT");
  } catch (cause) {
    throw new MmelError("FORMAT", {
      what: `${file} does not match the expected format: ${(cause as Error).message}`,
      where: `${name} ${version}`,
      hint: `Install another version of the package with \`npm install ${name}@VERSION\`.`,
      cause,
    });
  }
}

/** A set of drawings by one artist. */
export interface IconSet {
  readonly artist: string;
  readonly author: string;
  /** Names and aliases of all icons, sorted. */
  readonly names: readonly string[];
  has(name: string): boolean;
  /**
   * Returns the name of the icon for a character sequence such as `1F1F9-1F1F7`, or undefined if the set has no such
   * icon.
   */
  nameOf(hexcode: string): string | undefined;
  /** Returns the aspect ratio (width / height) of an icon. */
  aspect(name: string): number;
  /** Returns an icon as an SVG whose longer side is `size`, or undefined if there is no such icon. */
  svg(name: string, size: number): string | undefined;
}

const sizeFields = {
  left: z.number().optional(),
  top: z.number().optional(),
  width: z.number().positive().optional(),
  height: z.number().positive().optional(),
};
const iconSchema = z.object({ body: z.string(), ...sizeFields });
const aliasSchema = z.object({ parent: z.string(), hFlip: z.boolean().optional() });
const iconsSchema = z.object({
  ...sizeFields,
  icons: z.record(z.string(), iconSchema),
  aliases: z.record(z.string(), aliasSchema).optional(),
});
const charsSchema = z.record(z.string(), z.string());
const infoSchema = z.object({ author: z.object({ name: z.string() }) });

type Icon = z.infer<typeof iconSchema> & { readonly flipped: boolean };

/** Reads an `@iconify-json` package: the drawings, their aliases, and the characters that they represent. */
export async function readIconSet(
  packages: ReadonlyMap<string, SourcePackage>,
  artist: string,
): Promise<IconSet> {
  const source = packages.get(iconPackage(artist))!;
  const { icons, aliases = {}, ...defaults } = await readPackageJson(source, "icons.json", iconsSchema);
  const chars = await readPackageJson(source, "chars.json", charsSchema);
  const { author } = await readPackageJson(source, "info.json", infoSchema);
  const byCode = new Map(Object.entries(chars).map(([code, name]) => [plainCode(code), name]));
  const own = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
    Object.hasOwn(table, name) ? table[name] : undefined;
  const find = (name: string): Icon | undefined => {
    const alias = own(aliases, name);
    const icon = own(icons, alias?.parent ?? name);
    return icon === undefined ? undefined : { ...defaults, ...icon, flipped: alias?.hFlip === true };
  };
  return {
    artist,
    author: author.name,
    names: [...Object.keys(icons), ...Object.keys(aliases)].sort(),
    has: (name) => find(name) !== undefined,
    nameOf: (hexcode) => byCode.get(plainCode(hexcode)),
    aspect: (name) => {
      const { width = DEFAULT_SIZE, height = DEFAULT_SIZE } = find(name) ?? {};
      return width / height;
    },
    svg: (name, size) => {
      const icon = find(name);
      return icon && svgOf(icon, size);
    },
  };
}

/** Default width and height of drawings in Iconify. */
const DEFAULT_SIZE = 16;

function svgOf({ body, left = 0, top = 0, flipped, ...size }: Icon, longer: number): string {
  const { width = DEFAULT_SIZE, height = DEFAULT_SIZE } = size;
  const scale = longer / Math.max(width, height);
  const drawing = flipped ? `<g transform="translate(${2 * left + width} 0) scale(-1 1)">${body}</g>` : body;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
    `width="${width * scale}" height="${height * scale}" viewBox="${left} ${top} ${width} ${height}">${drawing}</svg>`
  );
}

/** Removes the variation selector for colour from a code, because only some sets include it. */
function plainCode(hexcode: string): string {
  const parts = hexcode.toLowerCase().split("-");
  return parts.filter((part) => part !== "fe0f").join("-");
}

export type IconSets = ReadonlyMap<string, IconSet>;

/** Reads the icon sets of all artists. */
export async function readIconSets(packages: ReadonlyMap<string, SourcePackage>): Promise<IconSets> {
  const sets = new Map<string, IconSet>();
  for (const artist of ALL_ARTISTS) sets.set(artist, await readIconSet(packages, artist));
  return sets;
}

/**
 * Returns the icon names that `nameIn` finds in the artists' sets, keyed by artist. Omits an artist if `nameIn`
 * returns undefined for it.
 */
export function iconsOf(
  sets: IconSets,
  artists: readonly string[],
  nameIn: (set: IconSet) => string | undefined,
): Map<string, string> {
  const found = artists.map((artist): [string, string | undefined] => [artist, nameIn(sets.get(artist)!)]);
  return new Map(found.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
