import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OffsetUnit } from "../../src/core/index.js";
import {
  captionLines,
  entityLines,
  type FileFormat,
  linkLines,
  readCaptions,
  readEntities,
  readLinks,
} from "../../src/formats/index.js";
import { captionsArbitrary, entityArbitrary, linksArbitrary } from "./arbitraries.js";
import { all, chunks, values } from "./files.js";

const FORMATS: readonly FileFormat[] = ["jsonl", "csv"];
const UNITS: readonly OffsetUnit[] = ["utf16", "codepoint", "byte"];
const both = FORMATS.flatMap((format) => UNITS.map((unit) => [format, unit] as const));
const RUNS = { numRuns: 300 };

const written = async (lines: AsyncIterable<string>): Promise<string> => (await all(lines)).join("");

describe("reading returns what was written", () => {
  it.each(both)("for captions as %s with %s offsets", async (format, offsets) => {
    await fc.assert(
      fc.asyncProperty(captionsArbitrary, fc.integer({ min: 1, max: 50 }), async (captions, size) => {
        const text = await written(captionLines(captions, { format, offsets }));
        expect(await values(readCaptions(chunks(text, size), { format, offsets }))).toEqual(captions);
      }),
      RUNS,
    );
  });

  it.each(FORMATS)("for entities as %s", async (format) => {
    await fc.assert(
      fc.asyncProperty(fc.array(entityArbitrary, { maxLength: 4 }), async (entities) => {
        const properties = [...new Set(entities.flatMap((entity) => Object.keys(entity.properties)))];
        const options = format === "csv" ? { format, properties } : { format };
        const text = await written(entityLines(entities, options));
        expect(await values(readEntities(chunks(text, 7), { format }))).toEqual(entities);
      }),
      RUNS,
    );
  });

  it.each(both)("for links as %s with %s offsets", async (format, unit) => {
    await fc.assert(
      fc.asyncProperty(linksArbitrary, async ({ links, text }) => {
        const options = { format, offsets: { unit, textOf: () => text } } as const;
        const lines = await written(linkLines([links], options));
        expect(await values(readLinks(chunks(lines, 7), options))).toEqual([links]);
      }),
      RUNS,
    );
  });
});

describe("the wire form", () => {
  it("of a caption matches the documentation", async () => {
    const line =
      '{"id":"21717","text":"Francis Condon at his desk","mentions":[{"text":"Francis Condon","start":0,"end":14,"gold":"Q1441444"}],"image":"21717.jpg"}\n';
    const captions = await values(readCaptions(chunks(line)));
    expect(captions).toEqual([
      {
        id: "21717",
        text: "Francis Condon at his desk",
        image: "21717.jpg",
        mentions: [
          { text: "Francis Condon", span: { start: 0, end: 14 }, gold: { kind: "entity", id: "Q1441444" } },
        ],
      },
    ]);
    expect(JSON.parse(await written(captionLines(captions)))).toEqual(JSON.parse(line));
  });

  it("of an entity matches the documentation", async () => {
    const line =
      '{"id":"Q1441444","label":"Francis Condon","aliases":["Francis B. Condon"],"description":"American politician","properties":{"sex":["male"],"birth":["1891, Central Falls"],"occupation":["politician","lawyer"]},"images":["Q1441444.jpg"],"popularity":12,"url":"https://www.wikidata.org/wiki/Q1441444"}\n';
    expect(await written(entityLines(await values(readEntities(chunks(line)))))).toBe(line);
  });

  it("of links matches the documentation", async () => {
    const line =
      '{"id":"21717","mentions":[{"text":"Francis Condon","start":0,"end":14,"outcome":"linked","entity":{"id":"Q1441444","label":"Francis Condon"},"probability":0.93,"candidates":[{"id":"Q1441444","label":"Francis Condon","match":0.91,"collaborative":0.88,"score":1.79,"probability":0.93}]}],"model":"NAME@HASH","kb":"NAME@VERSION"}\n';
    expect(await written(linkLines(await values(readLinks(chunks(line)))))).toBe(line);
  });

  it("of an unknown probability or match is null", async () => {
    const entity = { id: "Q1", label: "A", aliases: [], properties: {}, images: [] };
    const mention = {
      text: "A",
      outcome: "nil",
      entity: null,
      probability: null,
      candidates: [
        { id: "Q1", label: "A", entity, match: null, collaborative: 0, score: 0.5, probability: null },
      ],
    } as const;
    const [line] = await all(linkLines([{ id: "1", mentions: [mention], model: "m", kb: "k" }]));
    expect(JSON.parse(line!).mentions[0]).toEqual({
      text: "A",
      outcome: "nil",
      entity: null,
      probability: null,
      candidates: [{ id: "Q1", label: "A", match: null, collaborative: 0, score: 0.5, probability: null }],
    });
  });
});
