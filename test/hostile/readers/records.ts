import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { CaptionLinks } from "../../../src/core/index.js";
import {
  captionFromWire,
  captionLines,
  continueLinks,
  entityLines,
  linkLines,
  linksToWire,
  previewTable,
  readCaptionMapping,
  readCaptions,
  readEntities,
  readIds,
  readLinks,
  readMapping,
} from "../../../src/formats/index.js";
import { rdfLines, readRdf } from "../../../src/kb/rdf/index.js";
import { bookParts, zip } from "../../formats/zip.js";
import { mutate } from "../mutate.js";
import { drain, type Generator, json, jsonLines, type Reader, text } from "../reader.js";
import { entities, wireCaptions, wireEntities } from "./demo.js";

const joined = async (lines: AsyncIterable<string>): Promise<Uint8Array> => {
  let all = "";
  for await (const line of lines) all += line;
  return text(all);
};

const captions = wireCaptions.map((caption) => captionFromWire(caption));

const links = captions.map(
  ({ id, mentions }): CaptionLinks => ({
    id,
    model: "lexical@1",
    kb: "demo@1",
    mentions: mentions.map(({ text, span }) => ({
      text,
      ...span,
      outcome: "linked",
      entity: entities[0]!,
      probability: 0.75,
      candidates: [],
    })),
  }),
);

const wireLinks = links.map((one) => linksToWire(one));

const PROPERTIES = [...new Set(entities.flatMap(({ properties }) => Object.keys(properties)))];

const MAPPING = {
  columns: { Nr: "id", Name: "label", Auch: "aliases", Beruf: "properties.occupation" },
  types: { Mensch: "person" },
};
const TABLE = "Nr;Name;Auch;Beruf\n1;Ada;Lovelace|Countess;Mathematikerin\n2;Bob;;\n";

const inline = (cell: string): string => `<c t="inlineStr"><is><t>${cell}</t></is></c>`;

/** An Excel file with texts of several kinds, a date and a number. */
const BOOK = bookParts({
  sheets: {
    People:
      `<row>${["Inventory no", "Name", "Born", "Also known as"].map(inline).join("")}</row>` +
      `<row r="2">${inline("0007")}<c r="B2" t="s"><v>0</v></c><c r="C2" s="1"><v>43891</v></c>${inline("A;B")}</row>` +
      `<row r="3"><c r="A3" s="2"><v>8</v></c><c r="B3" t="str"><f>A1</f><v>Bo</v></c></row>`,
  },
  texts: "<si><r><t>Anna</t></r><r><t> Vale</t></r></si>",
  formats: ["yyyy-mm-dd", "0000"],
});

/** Changes the parts of an Excel file before they are packed, so that its checksums fit. */
const repacked: Generator = (_, random) => {
  const parts = Object.fromEntries(Object.entries(BOOK).map(([name, part]) => [name, text(part)]));
  return {
    "table.xlsx": zip(mutate(parts, Object.keys(parts), random), { deflated: random.below(2) === 0 }),
  };
};

const CAPTION_TABLE = "Legende;Bild;Personen\nAnna Vale, 1920;a.jpg;Anna Vale|Bo\nBo at home;;Bo\n";

const tsv = (bytes: Uint8Array): Uint8Array => text(Buffer.from(bytes).toString().replaceAll(",", "\t"));

/** Puts blank nodes, lists or statements inside each other, complete or not, or many values of one predicate. */
const nested: Generator = (files, random) => {
  const document = Buffer.from(files["captions.ttl"] ?? "").toString();
  const depth = 10 ** random.below(6);
  const parts = [
    `<a> <b> ${"[ <c> ".repeat(depth)} 1 ${"]".repeat(depth)} .`,
    `<a> <b> ${"( ".repeat(depth)}${") ".repeat(depth)} .`,
    `<a> <b> ${"<<( <a> <b> ".repeat(depth)}`,
    `<a> nif:isString ${Array.from({ length: depth }, (_, at) => `"${at}"`).join(", ")} .`,
    `${"[] nif:referenceContext <urn:x:1>; nif:anchorOf 'x' .".repeat(Math.min(depth, 10_000))}`,
  ];
  return { "captions.ttl": text(`${document}\n${parts[random.below(parts.length)]}`) };
};

/** Files of captions, entities and links. */
export const RECORD_READERS: readonly Reader[] = [
  {
    name: "captions (JSON Lines)",
    sample: () => ({ "captions.jsonl": jsonLines(wireCaptions) }),
    read: (input) => drain(readCaptions(join(input, "captions.jsonl"), { offsets: "codepoint" })),
  },
  {
    name: "captions (CSV)",
    sample: async () => ({ "captions.csv": await joined(captionLines(captions, { format: "csv" })) }),
    read: (input) => drain(readCaptions(join(input, "captions.csv"), { format: "csv" })),
  },
  {
    name: "captions (tabs)",
    sample: async () => ({ "captions.tsv": tsv(await joined(captionLines(captions, { format: "csv" }))) }),
    read: (input) => drain(readCaptions(join(input, "captions.tsv"), { format: "csv" })),
  },
  {
    name: "captions (NIF)",
    sample: async () => ({ "captions.ttl": await joined(captionLines(captions, { format: "nif" })) }),
    special: [nested],
    read: (input) => drain(readCaptions(join(input, "captions.ttl"))),
  },
  {
    name: "captions (NIF in N-Triples)",
    sample: async () => ({
      "captions.nt": await joined(captionLines(captions, { format: "nif", nif: { syntax: "ntriples" } })),
    }),
    read: (input) => drain(readCaptions(join(input, "captions.nt"))),
  },
  {
    name: "entities (JSON Lines)",
    sample: () => ({ "entities.jsonl": jsonLines(wireEntities) }),
    read: (input) => drain(readEntities(join(input, "entities.jsonl"), { languages: ["en", "de"] })),
  },
  {
    name: "entities (CSV)",
    sample: async () => ({
      "entities.csv": await joined(entityLines(entities, { format: "csv", properties: PROPERTIES })),
    }),
    read: (input) => drain(readEntities(join(input, "entities.csv"), { format: "csv" })),
  },
  {
    name: "mapping of columns",
    sample: () => ({ "mapping.json": json(MAPPING), "entities.csv": text(TABLE) }),
    async read(input) {
      const mapping = await readMapping(join(input, "mapping.json"));
      await drain(readEntities(join(input, "entities.csv"), { format: "csv", mapping }));
    },
  },
  {
    name: "entities (any table)",
    sample: () => ({ "table.csv": text(TABLE) }),
    async read(input) {
      await previewTable(join(input, "table.csv"), { as: "entities" });
      await drain(readEntities(join(input, "table.csv")));
    },
  },
  {
    name: "entities (Excel)",
    sample: () => ({ "table.xlsx": zip(BOOK) }),
    special: [repacked],
    inputs: 40,
    async read(input) {
      await previewTable(join(input, "table.xlsx"), { as: "entities" });
      await drain(readEntities(join(input, "table.xlsx")));
    },
  },
  {
    name: "captions (any table)",
    sample: () => ({ "table.tsv": text(CAPTION_TABLE) }),
    async read(input) {
      await previewTable(join(input, "table.tsv"), { as: "captions" });
      await drain(readCaptions(join(input, "table.tsv")));
    },
  },
  {
    name: "mapping of captions",
    sample: () => ({
      "mapping.json": json({ columns: { Legende: "text", Personen: { field: "mentions", separator: "|" } } }),
      "table.csv": text(CAPTION_TABLE),
    }),
    async read(input) {
      const mapping = await readCaptionMapping(join(input, "mapping.json"));
      await drain(readCaptions(join(input, "table.csv"), { mapping }));
    },
  },
  {
    name: "entities (Turtle)",
    sample: async () => ({ "entities.ttl": await joined(rdfLines(entities, { format: "skos" })) }),
    read: (input) => drain(readRdf([join(input, "entities.ttl")], { languages: ["en"] })),
  },
  {
    name: "entities (N-Triples)",
    sample: async () => ({ "entities.nt": await joined(rdfLines(entities, { format: "ntriples" })) }),
    read: (input) => drain(readRdf([join(input, "entities.nt")])),
  },
  {
    name: "links (JSON Lines)",
    sample: () => ({ "links.jsonl": jsonLines(wireLinks) }),
    read: (input) => drain(readLinks(join(input, "links.jsonl"))),
  },
  {
    name: "links (CSV)",
    sample: async () => ({ "links.csv": await joined(linkLines(links, { format: "csv" })) }),
    read: (input) => drain(readLinks(join(input, "links.csv"), { format: "csv" })),
  },
  {
    name: "links to continue",
    sample: () => ({ "links.jsonl": jsonLines(wireLinks) }),
    async read(input, output) {
      await cp(join(input, "links.jsonl"), join(output, "links.jsonl"));
      await using _ = await continueLinks(join(output, "links.jsonl"), { model: "lexical@1", kb: "demo@1" });
    },
  },
  {
    name: "list of ids",
    sample: () => ({ "ids.txt": text("Q1\nQ2\n\nQ3\r\n") }),
    async read(input) {
      for await (const _ of readIds(join(input, "ids.txt")));
    },
  },
];
