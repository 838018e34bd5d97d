import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** The grey level of each artist, by split. */
export const GREYS = { entity: 0, train: [50, 100], dev: 150, test: 200 } as const;

const ARTISTS = {
  twemoji: GREYS.entity,
  noto: GREYS.train[0],
  emojione: GREYS.train[1],
  "fluent-emoji-flat": GREYS.dev,
  openmoji: GREYS.test,
  "circle-flags": GREYS.train[0],
  flag: GREYS.dev,
  logos: GREYS.entity,
  devicon: GREYS.train[0],
  "vscode-icons": GREYS.train[1],
  cib: GREYS.dev,
  "simple-icons": GREYS.test,
} as const satisfies Readonly<Record<string, number>>;

type Artist = keyof typeof ARTISTS;

/** An entity that all artists draw alike. */
export const ALIKE = "emoji:1F400";
/** Two entities with identical drawings in the knowledge base. */
export const TWINS = ["emoji:1F401", "emoji:1F402"] as const;

const WORDS = ["ant", "bolt", "cup", "drum", "eel", "fork", "goat", "hat"];
const EMOJI = Array.from({ length: 48 }, (_, at) => ({
  hexcode: (0x1f400 + at).toString(16).toUpperCase(),
  label: `${WORDS[at % 8]} ${"abcdef"[Math.floor(at / 8)]}`,
  tags: [
    WORDS[at % 8]!,
    at % 2 === 0 ? "Éven" : "odd-one",
    ...(at >= 8 && at < 12 ? ["few"] : []),
    `only${at}`,
  ],
  group: at % 4 === 3 ? 1 : 0,
  subgroup: at % 4,
}));
const CODES = "AT BE CH DE ES FR GB HU IE LT AO BJ CM DZ ET GH KE LY ML NG".split(" ");
const BRANDS = Array.from(
  { length: 24 },
  (_, at) => `${["acme", "bolt", "cloud"][at % 3]}-${"mnopqrst"[at % 8]}x`,
);

/** The number of each entity, encoded in its picture. */
export const NUMBERS: ReadonlyMap<string, number> = new Map(
  [
    ...EMOJI.map(({ hexcode }) => `emoji:${hexcode}`),
    ...CODES.map((code) => `flag:${code}`),
    ...BRANDS.map((brand) => `logo:${brand}`),
  ].map((id, at) => [id, at]),
);

/** Writes a small fake version of every package into the `node_modules` of a folder. */
export async function writeFakePackages(folder: string): Promise<void> {
  for (const artist of Object.keys(ARTISTS) as Artist[])
    await writePackage(folder, `@iconify-json/${artist}`, iconFiles(artist));
  await writePackage(folder, "emojibase-data", emojiFiles());
  await writePackage(folder, "countries-list", countryFiles());
  await writePackage(folder, "devicon", {
    "devicon.json": BRANDS.map((brand, at) => ({
      name: brand.replace("-", ""),
      altnames: [],
      tags: [at % 2 === 0 ? "data-base" : "Editor"],
    })),
  });
}

async function writePackage(
  folder: string,
  name: string,
  files: Readonly<Record<string, unknown>>,
): Promise<void> {
  const manifest = { name, version: "1.0.0", license: "CC0-1.0" };
  for (const [file, content] of Object.entries({ "package.json": manifest, ...files })) {
    const path = join(folder, "node_modules", name, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, JSON.stringify(content));
  }
}

function iconFiles(artist: Artist): Record<string, unknown> {
  const icons = [...NUMBERS].flatMap(([id, number]) => {
    const name = nameOf(artist, id);
    return name === undefined ? [] : [[name, { body: bodyOf(artist, id, number) }]];
  });
  const named = artist !== "emojione" && ["emoji", "flag"].some((kind) => nameOf(artist, `${kind}:x`));
  const codes = [...NUMBERS.keys()].filter((id) => named && nameOf(artist, id) !== undefined);
  return {
    "icons.json": { prefix: artist, width: 16, height: 16, icons: Object.fromEntries(icons) },
    "chars.json": ["twemoji", "noto", "openmoji", "fluent-emoji-flat"].includes(artist)
      ? Object.fromEntries(codes.map((id) => [hexcodeOf(id).toLowerCase(), nameOf(artist, id)]))
      : {},
    "info.json": { author: { name: `artist of ${artist}` } },
  };
}

const KINDS_OF: Readonly<Record<Artist, readonly string[]>> = {
  twemoji: ["emoji", "flag"],
  noto: ["emoji"],
  emojione: ["emoji", "flag"],
  "fluent-emoji-flat": ["emoji"],
  openmoji: ["emoji", "flag"],
  "circle-flags": ["flag"],
  flag: ["flag"],
  logos: ["logo"],
  devicon: ["logo"],
  "vscode-icons": ["logo"],
  cib: ["logo"],
  "simple-icons": ["logo"],
};

/** The icon name of an entity, in the naming scheme of each set. */
function nameOf(artist: Artist, id: string): string | undefined {
  const [kind = "", key = ""] = id.split(":");
  if (!KINDS_OF[artist].includes(kind)) return undefined;
  if (artist === "flag") return `${key.toLowerCase()}-4x3`;
  if (artist === "circle-flags") return key.toLowerCase();
  if (kind === "flag") return `${artist === "emojione" ? "flag-for" : "flag"}-${landOf(key).toLowerCase()}`;
  if (artist === "vscode-icons") return `file-type-${key.replace("-", "")}`;
  return kind === "logo" ? key : `sign-${key.toLowerCase()}`;
}

const hexcodeOf = (id: string): string => {
  const [kind, key = ""] = id.split(":");
  if (kind !== "flag") return key;
  return [...key].map((letter) => (letter.charCodeAt(0) - 65 + 0x1f1e6).toString(16).toUpperCase()).join("-");
};

/** The lower half is filled with the artist's grey; the upper half encodes the number in eight bars. */
function bodyOf(artist: Artist, id: string, number: number): string {
  const shown = artist === "twemoji" && id === TWINS[1] ? NUMBERS.get(TWINS[0])! : number;
  const grey = id === ALIKE ? 0 : ARTISTS[artist];
  const fill = `rgb(${grey},${grey},${grey})`;
  const bars = Array.from({ length: 8 }, (_, bit) => bit).filter((bit) => (shown >> bit) & 1);
  const shapes = bars.map((bit) => `<rect x="${2 * bit}" y="0" width="2" height="8"/>`);
  return `<g fill="${fill}"><rect y="8" width="16" height="8"/>${shapes.join("")}</g>`;
}

const landOf = (code: string): string => `Land${code}`;

function emojiFiles(): Record<string, unknown> {
  const flags = CODES.map((code) => ({
    hexcode: hexcodeOf(`flag:${code}`),
    label: `flag: ${landOf(code)}`,
    tags: ["flag", code],
    group: 9,
    subgroup: 98,
  }));
  const subgroups = { 0: "things", 1: "tools", 2: "animals", 3: "others", 98: "country-flag" };
  const groups = { 0: "objects", 1: "symbols", 9: "flags" };
  const messages = (keys: Readonly<Record<number, string>>): unknown[] =>
    Object.values(keys).map((key) => ({ key, message: `${key} in words` }));
  return {
    "en/data.json": [...EMOJI, ...flags, { hexcode: "1F3FB", label: "no group", tags: [] }],
    "meta/groups.json": { groups, subgroups },
    "en/messages.json": { groups: messages(groups), subgroups: messages(subgroups) },
  };
}

function countryFiles(): Record<string, unknown> {
  const countries = CODES.map((code, at) => [
    code,
    {
      name: landOf(code),
      continent: at < 10 ? "EU" : "AF",
      capital: `${code} City`,
      currency: ["XXF"],
      languages: [at % 2 === 0 ? "aa" : "bb"],
    },
  ]);
  return {
    "countries.min.json": Object.fromEntries(countries),
    "continents.min.json": { EU: "Europe", AF: "Africa" },
    "languages.min.json": { aa: { name: "Aaish" }, bb: { name: "Beeish" } },
    "currencies.min.json": { XXF: { name: "Common Franc" } },
  };
}
