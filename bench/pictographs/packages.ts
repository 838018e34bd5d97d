import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { MmelError } from "../../src/core/index.js";
import { parseWire, readJson } from "../../src/formats/index.js";
import { ALL_ARTISTS } from "./artists.js";

/** An installed package that the data are made from. */
export interface SourcePackage {
  readonly name: string;
  readonly version: string;
  /** As the package itself states it. */
  readonly license: string;
  readonly folder: string;
}

export const iconPackage = (artist: string): string => `@iconify-json/${artist}`;

/** Names and keywords of emoji, facts of countries, keywords of logos. */
export const DATA_PACKAGES = {
  emoji: "emojibase-data",
  countries: "countries-list",
  logos: "devicon",
} as const;

const REQUIRED: readonly string[] = [...ALL_ARTISTS.map(iconPackage), ...Object.values(DATA_PACKAGES)];

const manifestSchema = z.object({ version: z.string(), license: z.string() });

/**
 * The packages that the generator needs, by name, in the `node_modules` of a folder. `FILE_NOT_FOUND` names all that are
 * missing in one command that installs them.
 */
export async function findPackages(folder: string): Promise<ReadonlyMap<string, SourcePackage>> {
  const found = await Promise.all(REQUIRED.map((name) => findPackage(folder, name)));
  const missing = REQUIRED.filter((_, at) => found[at] === undefined);
  if (missing.length > 0) {
    throw new MmelError("FILE_NOT_FOUND", {
      what: `${missing.length} of ${REQUIRED.length} packages with pictures and names are not installed`,
      where: join(folder, "node_modules"),
      hint: `npm install ${missing.join(" ")} there, or --packages with the folder that has them`,
    });
  }
  return new Map(found.filter((one) => one !== undefined).map((one) => [one.name, one]));
}

/** A package in the `node_modules` of a folder, if it is installed there. */
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

/** A JSON file of a package, checked; `FORMAT` says which package has another form than expected. */
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
      what: `${file} has not the form expected: ${(cause as Error).message}`,
      where: `${name} ${version}`,
      hint: "another version of the package",
      cause,
    });
  }
}
