// Renders the demo's pictures from installed icon packages to demo/images/ and writes a list of their licences. The packages are
// not needed at run time. Usage: npx tsx scripts/demo-pictures.ts FOLDER. Install the packages in FOLDER first:
//   npm install @iconify-json/{twemoji,fluent-emoji-flat,flag,logos,devicon}
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import sharp from "sharp";
import { render, sideBySide } from "../bench/pictographs/draw.js";
import {
  findPackage,
  type IconSet,
  iconPackage,
  readIconSet,
  type SourcePackage,
} from "../bench/pictographs/packages.js";

/** Drawing for each entity's picture. Emoji and flags are by one artist, logos by another. */
const ENTITIES: Readonly<Record<string, string>> = {
  "apple-company": "logos:apple",
  "apple-fruit": "twemoji:red-apple",
  "apple-records": "twemoji:green-apple",
  "bush-band": "twemoji:guitar",
  "churchill-manitoba": "twemoji:polar-bear",
  "crane-machine": "twemoji:building-construction",
  "freddie-mercury": "twemoji:microphone",
  "georgia-country": "twemoji:flag-georgia",
  "georgia-state": "twemoji:peach",
  "java-island": "twemoji:volcano",
  "java-language": "logos:java",
  jordan: "twemoji:flag-jordan",
  "kate-bush": "twemoji:musical-keyboard",
  london: "twemoji:flag-united-kingdom",
  "london-ontario": "twemoji:flag-canada",
  "mercury-element": "twemoji:thermometer",
  "michael-b-jordan": "twemoji:clapper-board",
  "michael-i-jordan": "twemoji:graduation-cap",
  "michael-jordan": "twemoji:basketball",
  "michael-jordan-goalkeeper": "twemoji:soccer-ball",
  paris: "twemoji:flag-france",
  "paris-texas": "twemoji:flag-united-states",
  "python-language": "logos:python",
  "python-snake": "twemoji:snake",
  "turkey-bird": "twemoji:turkey",
  "turkey-country": "twemoji:flag-turkiye",
  "venus-williams": "twemoji:tennis",
  "winston-churchill-novelist": "twemoji:open-book",
};

/**
 * Drawings for each caption's picture. Their artists did not draw the pictures of the entities. If a caption has several
 * drawings, they are placed side by side.
 */
const CAPTIONS: Readonly<Record<string, readonly string[]>> = {
  "bush-guitar": ["fluent-emoji-flat:guitar"],
  "churchill-stamp": ["fluent-emoji-flat:polar-bear"],
  "georgia-mug": ["fluent-emoji-flat:peach"],
  "green-apple": ["fluent-emoji-flat:green-apple"],
  "java-badge": ["devicon:java"],
  "jordan-card": ["fluent-emoji-flat:soccer-ball"],
  magnets: ["flag:us-4x3", "flag:ca-4x3"],
  "python-badge": ["devicon:python"],
  "python-tattoo": ["fluent-emoji-flat:snake"],
  "turkey-and-apple": ["fluent-emoji-flat:turkey", "devicon:apple"],
  "turkey-pin": ["flag:tr-4x3"],
  "venus-tonight": ["fluent-emoji-flat:tennis"],
};

const IMAGES = join(import.meta.dirname, "..", "demo", "images");
const SIZE = 224;

const [, , folder] = process.argv;
if (folder === undefined) throw new Error("usage: npx tsx scripts/demo-pictures.ts FOLDER");
const sets = new Map<string, { set: IconSet; source: SourcePackage }>();

async function setOf(artist: string): Promise<{ set: IconSet; source: SourcePackage }> {
  const known = sets.get(artist);
  if (known !== undefined) return known;
  const name = iconPackage(artist);
  const source = await findPackage(folder!, name);
  if (source === undefined) throw new Error(`${name} is not installed in ${folder}`);
  const opened = { set: await readIconSet(new Map([[name, source]]), artist), source };
  sets.set(artist, opened);
  return opened;
}

async function drawing(icon: string): Promise<Buffer> {
  const [artist = "", name = ""] = icon.split(":");
  const svg = (await setOf(artist)).set.svg(name, SIZE);
  const picture = svg === undefined ? undefined : await render(svg);
  if (picture === undefined) throw new Error(`the drawing ${icon} does not exist`);
  return picture.png;
}

async function write(file: string, icons: readonly string[]): Promise<string> {
  const drawings = await Promise.all(icons.map(drawing));
  const whole = drawings.length === 1 ? drawings[0]! : (await sideBySide(drawings)).png;
  const small = await sharp(whole).png({ palette: true, effort: 10, compressionLevel: 9 }).toBuffer();
  await mkdir(dirname(join(IMAGES, file)), { recursive: true });
  await writeFile(join(IMAGES, file), small);
  return `| \`${file}\` | ${icons.map((icon) => `\`${icon}\``).join(" and ")} |`;
}

await rm(IMAGES, { recursive: true, force: true });
const rows: string[] = [];
for (const [id, icon] of Object.entries(ENTITIES)) rows.push(await write(`entities/${id}.png`, [icon]));
for (const [id, icons] of Object.entries(CAPTIONS)) rows.push(await write(`captions/${id}.png`, icons));

const LICENCES: Readonly<Record<string, readonly [name: string, address: string]>> = {
  "CC-BY-4.0": ["CC BY 4.0", "https://creativecommons.org/licenses/by/4.0/"],
  "CC0-1.0": ["CC0 1.0", "https://creativecommons.org/publicdomain/zero/1.0/"],
  MIT: ["MIT", "https://opensource.org/license/mit"],
};
const ARTISTS: Readonly<Record<string, readonly [name: string, by: string, address: string]>> = {
  twemoji: ["Twemoji", "© Twitter, Inc. and other contributors", "https://github.com/jdecked/twemoji"],
  "fluent-emoji-flat": [
    "Fluent Emoji",
    "© Microsoft Corporation",
    "https://github.com/microsoft/fluentui-emoji",
  ],
  flag: ["flag-icons", "© 2013 Panayiotis Lipiridis", "https://github.com/lipis/flag-icons"],
  logos: ["SVG Logos", "Gil Barbara", "https://github.com/gilbarbara/logos"],
  devicon: ["Devicon", "© 2015 konpa", "https://github.com/devicons/devicon"],
};
const credits = [...sets.values()].map(({ set: { artist }, source: { name, version, license } }) => {
  const [set, by, address] = ARTISTS[artist]!;
  const [licence, licenceAddress] = LICENCES[license]!;
  return { artist, set, by, address, licence, licenceAddress, package: `${name} ${version}` };
});
credits.sort((a, b) => (a.artist < b.artist ? -1 : 1));
await writeFile(
  join(IMAGES, "credits.json"),
  `${JSON.stringify(
    credits.map(({ artist: _, package: __, ...credit }) => credit),
    null,
    2,
  )}\n`,
);
const sources = credits.map(
  (credit) =>
    `| \`${credit.artist}\` | [${credit.set}](${credit.address}), ${credit.by} | [${credit.licence}](${credit.licenceAddress}) | ${credit.package} |`,
);
await writeFile(
  join(IMAGES, "LICENCES.md"),
  `# Sources of the pictures

Each picture was drawn by the artist named below and rendered unchanged on a white background at ${SIZE} × ${SIZE} pixels. If two drawings
are listed, the picture shows them side by side. Logos are trademarks of their owners and are used only to identify them. This file
and the pictures were created by \`scripts/demo-pictures.ts\`.

| set | by | licence | package |
|---|---|---|---|
${sources.join("\n")}

| picture | set and drawing |
|---|---|
${rows.join("\n")}

The sets under the MIT licence are distributed with this notice:

> Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
> files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
> modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
> Software is furnished to do so, subject to the following conditions: The above copyright notice and this permission notice
> shall be included in all copies or substantial portions of the Software. THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY
> OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR
> PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
> LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR
> THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`,
);
console.log(`${rows.length} pictures in ${IMAGES}`);
