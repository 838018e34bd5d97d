import { join } from "node:path";
import { DATASETS, readCaptionFolder } from "../../../src/datasets/index.js";
import {
  openWikidata,
  PAPER_PROPERTIES,
  readIdFile,
  readPropertyMap,
} from "../../../src/datasets/wikidata/index.js";
import { CONDON, dump, THINGS } from "../../datasets/wikidata/documents.js";
import { drain, json, jsonLines, type Reader, text } from "../reader.js";
import { wireCaptions } from "./demo.js";

const ABSTRACT = "Sex: female. Birth: 1815. Occupation: mathematician.";

async function readAll(all: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of all);
}

/** Folders of data sets, and dumps. */
export const DATA_SET_READERS: readonly Reader[] = [
  {
    name: "Wikidata dump",
    sample: () => ({
      "dump.json": text(dump([CONDON, ...THINGS])),
      "ids.txt": text("Q1441444\nQ30\n"),
      "map.json": json({ P106: "occupation", "P569+P19": "birth" }),
    }),
    async read(input, output) {
      const settings = {
        languages: ["en", "de"],
        instanceOf: [],
        ids: await readIdFile(join(input, "ids.txt")),
        properties: { ...PAPER_PROPERTIES, ...(await readPropertyMap(join(input, "map.json"))) },
      };
      const reader = openWikidata([join(input, "dump.json")], {
        settings,
        folder: join(output, "work"),
        threads: 1,
      });
      await drain(reader.entities());
      await reader.finish();
    },
    seconds: 10,
    inputs: 6, // each starts a thread
  },
  {
    name: "data set wikimel",
    sample: () => ({
      "splits.json": json({ train: ["1"], test: ["2"] }),
      "Wikidata-MEL.json": json({
        1: { id: "1", sentence: "Ada met Bob", mentions: ["Ada", "Bob"], answer: ["Q1", "Q2"] },
        2: { id: "2", sentence: "Bob", mentions: ["Bob"], answer: ["Q2"] },
      }),
      "qid2ne.json": json({ Q1: "Ada", Q2: "Bob" }),
      "qid2abs.json": json({ Q1: ABSTRACT, Q2: "" }),
    }),
    async read(input) {
      await readAll(DATASETS.wikimel.entities(input));
      await readAll(DATASETS.wikimel.captions(input, "train"));
    },
  },
  {
    name: "data set richpedia",
    sample: () => ({
      "train.json": json({ Q1: { sentence: "Ada met Bob", mentions: "Ada", answer: "Q1" } }),
      "qid2ne.json": json({ Q1: "Ada" }),
      "qid2abs_long.json": json({ Q1: ABSTRACT }),
    }),
    async read(input) {
      await readAll(DATASETS.richpedia.entities(input));
      await readAll(DATASETS.richpedia.captions(input, "train"));
    },
  },
  {
    name: "data set wikidiverse",
    sample: () => ({
      "train.json": json([
        [
          "Ada met Bob 🎩",
          "https://example.org/a/Ada.svg",
          "science",
          [
            ["Ada", "Person", 0, 3, "https://en.wikipedia.org/wiki/Ada_%28poet%29"],
            ["Bob", "Person", 8, 11, "nil"],
          ],
        ],
      ]),
      "entity2desc.tsv": text("Ada (poet)@@@@A poet.\nBob@@@@A tailor.\n"),
    }),
    async read(input) {
      await readAll(DATASETS.wikidiverse.entities(input));
      await readAll(DATASETS.wikidiverse.captions(input, "train"));
    },
  },
  {
    name: "folder of captions",
    sample: () => ({
      "captions.jsonl": jsonLines(wireCaptions),
      "more/one.csv": text("id,text,mention\n1,Ada met Bob,Ada\n1,,Bob\n"),
      "more/photo.txt": text("Ada met Bob"),
      "more/photo.jpg": text("no picture"),
    }),
    read: (input) => drain(readCaptionFolder(input)),
  },
];
