import { z } from "zod";
import { iconPackage, readPackageJson, type SourcePackage } from "./packages.js";

/** Everything one artist drew. */
export interface IconSet {
  readonly artist: string;
  readonly author: string;
  /** Names of icons and their other names, sorted. */
  readonly names: readonly string[];
  has(name: string): boolean;
  /** The icon of a character sequence such as `1F1F9-1F1F7`, where the set knows it. */
  nameOf(hexcode: string): string | undefined;
  /** Width over height of the drawing. */
  aspect(name: string): number;
  /** The drawing as SVG whose longer side is `size`; `undefined` when there is no such icon. */
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

/** Reads an `@iconify-json` package: drawings, their other names, and which characters they stand for. */
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

/** What Iconify takes a drawing without a size to be. */
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

/** Sets differ in whether they write the variation selector that asks for colour. */
function plainCode(hexcode: string): string {
  const parts = hexcode.toLowerCase().split("-");
  return parts.filter((part) => part !== "fe0f").join("-");
}
