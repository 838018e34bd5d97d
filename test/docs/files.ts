import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { xlsxOf } from "../../src/formats/table/write-xlsx.js";
import {
  DEMO_CAPTIONS,
  DEMO_ENTITIES,
  demoCaptions,
  demoEntities,
  demoPictured,
  writeRecords,
} from "../cli/harness.js";

/** What all pages share. */
export interface Given {
  /** The knowledge base of the demo. */
  readonly kb: string;
  /** Runs a script in a folder and returns its standard output. */
  readonly run: (script: string, cwd: string) => Promise<string>;
}

type Provider = (path: string, given: Given) => Promise<unknown>;

const base: Provider = (path, { kb }) => cp(kb, path, { recursive: true });
const demoImages: Provider = (path) => symlink(resolve("demo/images"), path);
const text =
  (content: string): Provider =>
  (path) =>
    writeFile(path, content);

const excel =
  (header: readonly string[], row: readonly string[]): Provider =>
  async (path) =>
    writeFile(path, (await xlsxOf({ name: "Sheet", header, rows: [row] })).stream());

/** Captions of the demo: two texts, and one with a picture. */
const captions: Provider = async (path) => {
  const pictured = (await demoPictured()).filter(({ id }) => id === "georgia-mug");
  return writeRecords(path, [...(await demoCaptions()).slice(0, 2), ...pictured]);
};

/** Two entities of the demo with another description. */
const changes: Provider = async (path) => {
  const changed = (await demoEntities()).slice(0, 2).map((entity) => ({ ...entity, description: "Changed" }));
  return writeRecords(path, changed);
};

/** Photographs with XMP sidecars. */
const photos: Provider = async (path) => {
  await mkdir(path);
  for (const [name, who, what] of [
    ["bulls", "Michael Jordan", "Michael Jordan and Scottie Pippen in Chicago"],
    ["workshop", "Andrew Ng", "Andrew Ng at a workshop in Berkeley"],
    ["palace", "John Kerry", "John Kerry in the palace of Carthage"],
    ["queen", "Freddie Mercury", "Freddie Mercury and Brian May at Live Aid"],
  ] as const) {
    await cp(resolve("demo/images/captions/georgia-mug.png"), join(path, `${name}.png`));
    await writeFile(
      join(path, `${name}.png.xmp`),
      `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">${what}</rdf:li></rdf:Alt></dc:description>
<Iptc4xmpExt:PersonInImage><rdf:Bag><rdf:li>${who}</rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImage>
</rdf:Description></rdf:RDF></x:xmpmeta>
`,
    );
  }
};

/** The files and folders that the commands of a page need, by the names that the page gives them. */
export const PROVIDERS: Readonly<Record<string, Provider>> = {
  "anna.jsonl": (path) => cp(DEMO_CAPTIONS, path),
  "ben.jsonl": async (path) => {
    const [first, ...others] = await demoCaptions();
    const mentions = first!.mentions!.map((mention) => ({ ...mention, gold: null }));
    return writeRecords(path, [{ ...first, mentions }, ...others]);
  },
  "captions.csv": text("Texte,Noms\nJordan et Pippen,Jordan;Pippen\n"),
  "captions.jsonl": captions,
  "captions.xlsx": excel(["caption"], ["Michael Jordan in Chicago"]),
  catalogue: base,
  "changes.csv": text("id,label,description\nnew-1,Ada Example,painter\n"),
  "changes.jsonl": changes,
  "collection.csv": text(
    "Inventory no;Name;Also known as;Born;Trades;Shelf\n1;Ada Example;A. Example,Ada E.;1900;painter|printer;7\n",
  ),
  "collection.xlsx": excel(["Inventory no", "Name"], ["1", "Ada Example"]),
  "columns.json": text('{"columns":{"Texte":"text","Noms":{"field":"mentions","separator":";"}}}'),
  "collection.jsonl": (path) => cp(DEMO_ENTITIES, path),
  "gone.txt": text("brian-may\n"),
  images: demoImages,
  "jordan.jpg": (path) => cp(resolve("demo/images/captions/jordan-card.png"), path),
  "links.jsonl": (path, { kb, run }) =>
    run(`mmel link captions.jsonl --kb ${kb} --output ${path}`, dirname(path)),
  "more.jsonl.gz": (path) => writeFile(path, gzipSync('{"id":"new-2","label":"Bo Example"}\n')),
  node_modules: async (path) => {
    await mkdir(path);
    await symlink(resolve("."), join(path, "mmel"));
  },
  "package.json": text('{ "type": "module" }\n'),
  people: base,
  "people-october": base,
  "people.csv": text(
    'Inventory no,Name,Born,Died,Profession,Also known as\n1,Ada Example,1900,1950,"painter,printer","A. Example,Ada E."\n2,Bo Example,1901,1960,baker,\n',
  ),
  photos,
  pictures: demoImages,
  press: async (path) => {
    await mkdir(path);
    return cp(DEMO_CAPTIONS, join(path, "captions.jsonl"));
  },
  "places.jsonl": text('{"id":"p1","label":"Example Town","properties":{"type":["place"]}}\n'),
  "reviewed.jsonl": (path) => cp(DEMO_CAPTIONS, path),
  "thesaurus.ttl": text(`@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<http://example.org/1> a skos:Concept ; skos:prefLabel "Malerei"@de, "Painting"@en .
`),
  "types.json": text('{ "types": { "Kreisfreie Stadt": "place", "e. V.": "organisation" } }\n'),
  "typical.jsonl": async (path) => {
    const all = await demoCaptions();
    return writeRecords(
      path,
      [1, 2, 3].flatMap((copy) => all.map((caption) => ({ ...caption, id: `${caption.id}-${copy}` }))),
    );
  },
  "works.ttl": text(`@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<http://example.org/w1> rdfs:label "A work" .
`),
};

/** The names in the order in which they are made. */
export const FILES: Readonly<Record<string, readonly string[]>> = {
  "README.md": ["captions.jsonl", "people.csv", "places.jsonl"],
  "docs/catalogues.md": [
    "captions.csv",
    "captions.xlsx",
    "catalogue",
    "collection.csv",
    "collection.xlsx",
    "columns.json",
    "people",
    "people.csv",
    "photos",
    "thesaurus.ttl",
    "works.ttl",
  ],
  "docs/evaluating.md": ["captions.jsonl", "catalogue", "typical.jsonl"],
  "docs/follow-a-caption.md": ["captions.jsonl", "people"],
  "docs/languages.md": ["people"],
  "docs/newsmel.md": ["people", "press"],
  "docs/pictures.md": ["captions.jsonl", "catalogue", "pictures"],
  "docs/quick-start-engineers.md": ["node_modules", "package.json"],
  "docs/review.md": ["anna.jsonl", "ben.jsonl", "people", "pictures"],
  "docs/service.md": ["captions.jsonl", "jordan.jpg", "people", "people.csv", "pictures"],
  "docs/types.md": ["collection.jsonl", "types.json"],
  "docs/updating.md": [
    "captions.jsonl",
    "changes.csv",
    "changes.jsonl",
    "gone.txt",
    "links.jsonl",
    "more.jsonl.gz",
    "people",
    "people-october",
  ],
};
