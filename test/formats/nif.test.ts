import fc from "fast-check";
import { Parser } from "n3";
import { describe, expect, it } from "vitest";
import type { Caption, CaptionLinks, Entity, Gold, MentionLink } from "../../src/core/index.js";
import {
  captionFormatOf,
  captionLines,
  linkLines,
  type Read,
  type Rejected,
  readCaptions,
} from "../../src/formats/index.js";
import { captionArbitrary } from "./arbitraries.js";
import { all, chunks, values } from "./files.js";

const NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#";
const SYNTAXES = ["turtle", "ntriples"] as const;
const RUNS = { numRuns: 100 };

const written = async (lines: AsyncIterable<string>): Promise<string> => (await all(lines)).join("");
const read = (text: string, size = 1000, entityBase?: string): AsyncIterable<Read<Caption>> =>
  readCaptions(chunks(text, size), { format: "nif", ...(entityBase !== undefined && { entityBase }) });

/** Ids whose URIs are read back: not web addresses that name Wikidata or begin with a prefix of mmel. */
const id = fc.oneof(
  fc.constantFrom(
    "Q42",
    "q42",
    "Q042",
    "http://dbpedia.org/resource/Ada_(x),_y",
    "urn:isbn:1",
    "a b/c#d",
    "NIL",
  ),
  fc
    .string({ unit: "binary", maxLength: 8 })
    .filter((text) => text.trim() !== "" && !text.includes("\ufffd")),
);
const gold: fc.Arbitrary<Gold> = fc.oneof(
  id.map((id) => ({ kind: "entity", id }) as const),
  fc.constant({ kind: "nil" } as const),
);

/** Captions with what NIF can say: a place for each mention, no two at the same place, no picture and no types. */
const nifCaption: fc.Arbitrary<Caption> = fc
  .tuple(captionArbitrary, fc.array(fc.option(gold), { minLength: 4, maxLength: 4 }))
  .map(([{ id, text, language, mentions }, golds]) => {
    const places = new Set<string>();
    return {
      id,
      text,
      ...(language !== undefined && { language: language.toLowerCase() }),
      mentions: mentions.flatMap(({ text, span }, index) => {
        const place = JSON.stringify(span);
        if (span === undefined || places.has(place)) return [];
        places.add(place);
        const gold = golds[index];
        return [{ text, span, ...(gold != null && { gold }) }];
      }),
    };
  });
const nifCaptions = fc.uniqueArray(nifCaption, { selector: ({ id }) => id, maxLength: 4 });

describe("NIF", () => {
  it.each(SYNTAXES)("returns what was written in %s", async (syntax) => {
    const base = fc.constantFrom(undefined, "http://example.org/people/");
    await fc.assert(
      fc.asyncProperty(
        nifCaptions,
        base,
        fc.integer({ min: 5, max: 200 }),
        async (captions, entityBase, size) => {
          const text = await written(captionLines(captions, { format: "nif", nif: { syntax, entityBase } }));
          expect(await values(read(text, size, entityBase))).toEqual(captions);
        },
      ),
      RUNS,
    );
  });

  it("counts code points, and quotes the text between them", async () => {
    await fc.assert(
      fc.asyncProperty(nifCaption, async (caption) => {
        const quads = new Parser().parse(await written(captionLines([caption], { format: "nif" })));
        const value = (uri: string, name: string): string =>
          quads.find(({ subject, predicate }) => subject.value === uri && predicate.value === NIF + name)!
            .object.value;
        const characters = Array.from(caption.text);
        const phrases = quads.filter(({ object }) => object.value === `${NIF}Phrase`);
        expect(phrases).toHaveLength(caption.mentions.length);
        for (const { subject } of phrases) {
          const [start, end] = [
            Number(value(subject.value, "beginIndex")),
            Number(value(subject.value, "endIndex")),
          ];
          expect(characters.slice(start, end).join("")).toBe(value(subject.value, "anchorOf"));
          expect(subject.value.endsWith(`char=${start},${end}`)).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it("keeps the URI, the text and the phrases of a document that is read and written", async () => {
    const document = `
      @prefix nif: <${NIF}> .
      @prefix itsrdf: <http://www.w3.org/2005/11/its/rdf#> .
      <http://www.aksw.org/gerbil/NifWebService/request_0#char=0,16> a nif:Context ;
        nif:isString "😀 e\\u0301 Jordan 𝒳!"@en .
      <http://example.org/any> a nif:Phrase ; nif:beginIndex "5" ; nif:endIndex 11 ; nif:anchorOf "Jordan" ;
        nif:referenceContext <http://www.aksw.org/gerbil/NifWebService/request_0#char=0,16> ;
        itsrdf:taIdentRef <https://www.wikidata.org/wiki/Q41421> .`;
    const captions = await values(read(document));
    expect(captions).toEqual([
      {
        id: "http://www.aksw.org/gerbil/NifWebService/request_0#char=0,16",
        text: "😀 e\u0301 Jordan 𝒳!",
        language: "en",
        mentions: [{ text: "Jordan", span: { start: 6, end: 12 }, gold: { kind: "entity", id: "Q41421" } }],
      },
    ]);
    const again = await written(captionLines(captions, { format: "nif" }));
    expect(again).toContain("<http://www.aksw.org/gerbil/NifWebService/request_0#char=5,11>");
    expect(again).toContain("<http://www.wikidata.org/entity/Q41421>");
    expect(await values(read(again))).toEqual(captions);
  });
});

const context = "http://example.org/doc#char=0,6";
const PREFIXES = `@prefix nif: <${NIF}> . @prefix itsrdf: <http://www.w3.org/2005/11/its/rdf#> .`;
const jordan = (more = "nif:beginIndex 0; nif:endIndex 6"): string =>
  `${PREFIXES} <${context}> a nif:Context; nif:isString "Jordan". <#p> a nif:Phrase; nif:referenceContext <${context}>; ${more} .`;

async function rejected(text: string): Promise<Rejected> {
  const [first] = await all(read(text));
  if (first?.kind !== "rejected") throw new Error("not rejected");
  return first;
}

describe("a phrase", () => {
  it.each([
    ["", undefined],
    ["itsrdf:taIdentRef <http://www.wikidata.org/entity/Q1>", "Q1"],
    ["itsrdf:taIdentRef <https://www.wikidata.org/entity/Q1>", "Q1"],
    ["itsrdf:taIdentRef <http://wikidata.org/wiki/Q1>", "Q1"],
    [
      "itsrdf:taIdentRef <http://www.wikidata.org/wiki/Property:P1>",
      "http://www.wikidata.org/wiki/Property:P1",
    ],
    ["itsrdf:taIdentRef <http://dbpedia.org/resource/A>", "http://dbpedia.org/resource/A"],
    ["itsrdf:taIdentRef <http://example.org/people/ann%20vale>", "ann vale"],
    ["itsrdf:taIdentRef <urn:mmel:nil:Jordan>", null],
    ["itsrdf:taIdentRef <http://aksw.org/notInWiki/Jordan>", null],
    ["itsrdf:taIdentRef <http://aksw.org/notInWiki/Jordan>, <http://www.wikidata.org/entity/Q1>", "Q1"],
    ['itsrdf:taIdentRef "Q1"', undefined],
  ])("with %s has the gold entity %s", async (statement, expected) => {
    const text = jordan(`nif:beginIndex 0; nif:endIndex 6; ${statement}`);
    const [caption] = await values(read(text, 1000, "http://example.org/people/"));
    const gold = caption!.mentions[0]!.gold;
    expect(gold === undefined || gold.kind === "nil" ? gold?.kind : gold.id).toBe(
      expected === null ? "nil" : expected,
    );
  });

  it("without offsets is a mention without a place", async () => {
    const [caption] = await values(read(jordan('nif:anchorOf "MJ"')));
    expect(caption!.mentions).toEqual([{ text: "MJ" }]);
  });

  it("is not a word or a sentence, unless it is also a phrase or has an entity", async () => {
    const part = (start: number, statements: string): string =>
      `[] ${statements}; nif:referenceContext <${context}>; nif:beginIndex ${start}; nif:endIndex 6 .`;
    const text = [
      `${PREFIXES} <${context}> a nif:Context; nif:isString "Jordan"; nif:referenceContext <${context}> .`,
      part(0, "a nif:Sentence"),
      part(1, "a nif:Word, nif:String"),
      part(2, "a nif:Word, nif:Phrase"),
      part(3, "a nif:RFC5147String, nif:String"),
      part(4, "a nif:Word; itsrdf:taIdentRef <urn:x:1>"),
    ].join("\n");
    const [caption] = await values(read(text));
    expect(caption!.mentions.map(({ text }) => text)).toEqual(["rdan", "dan", "an"]);
  });

  it.each([
    ["nif:beginIndex 0; nif:endIndex 7", "OFFSETS", "position 7 is outside the text"],
    ["nif:beginIndex 3; nif:endIndex 2", "OFFSETS", "start 3 is after end 2"],
    ['nif:beginIndex "x"; nif:endIndex 2', "OFFSETS", 'nif:beginIndex of the phrase <#p> is "x"'],
    ["nif:beginIndex 0, 1; nif:endIndex 2", "OFFSETS", "also another value"],
    ['nif:beginIndex 0; nif:endIndex 5; nif:anchorOf "Jordan"', "OFFSETS", 'the text from 0 to 5 is "Jorda"'],
    ["nif:beginIndex 0", "CAPTION_INVALID", "has no place"],
    ["nif:comment 0", "CAPTION_INVALID", "has no place"],
  ])("with %s is rejected with the code %s", async (statements, code, message) => {
    const { id, line, error } = await rejected(jordan(statements));
    expect({ id, line, code: error.code }).toEqual({ id: context, line: 1, code });
    expect(error.message).toContain(message);
    expect(error.message).toContain(`standard input, <${context}>`);
  });
});

describe("a context", () => {
  it.each([
    ["without a text", `${PREFIXES} <${context}> a nif:Context .`, "has no text"],
    ["that only a phrase names", `${PREFIXES} [] nif:referenceContext <${context}> .`, "has no text"],
    ["with two texts", `${PREFIXES} <${context}> nif:isString "a", "b" .`, "several texts"],
    ["without a URI", `${PREFIXES} [] nif:isString "a" .`, "cannot be kept"],
    ["with a relative URI", `${PREFIXES} <#a> nif:isString "a" .`, "cannot be kept"],
  ])("%s is rejected", async (_, text, message) => {
    const { error } = await rejected(text);
    expect(error.code).toBe("CAPTION_INVALID");
    expect(error.message).toContain(message);
  });

  it("is read after one that is rejected", async () => {
    const text = `${jordan("nif:beginIndex 9")} <urn:x:2> nif:isString "b" .`;
    const reads = await all(read(text));
    expect(reads.map(({ kind, line }) => [kind, line])).toEqual([
      ["rejected", 1],
      ["record", 2],
    ]);
  });
});

describe("a document", () => {
  const literal = (size: number): string => `<a> <b> "${"x".repeat(size)}"`;
  it.each([
    ["is not Turtle", "FORMAT", "<a> <b>"],
    ["is not UTF-8", "ENCODING", Buffer.from([0xff, 0xfe, 0x00])],
    ["has a statement without an end", "FORMAT", literal(3 << 20)],
    ["is nested without an end", "FORMAT", "<a> <b> [".repeat(1 << 18)],
    ["is too large", "FORMAT", Buffer.alloc(65 << 20)],
  ])("that %s fails with the code %s", async (_, code, content) => {
    const reading = all(readCaptions(chunks(content, 128 << 20), { format: "nif" }));
    await expect(reading).rejects.toMatchObject({ code });
  });

  it("is read in a time that grows with its size", async () => {
    const values = Array.from({ length: 50_000 }, (_, at) => `"${at}"`).join(",");
    const { error } = await rejected(`${PREFIXES} <${context}> a nif:Context; nif:isString ${values} .`);
    expect(error.message).toContain("several texts");
  }, 10_000);

  it("is recognised by the name of its file", () => {
    const names = ["a.ttl", "a.NT", "a.nif.gz", "a.jsonl", "a.xlsx", "ttl"];
    expect(names.map(captionFormatOf)).toEqual(["nif", "nif", "nif", "jsonl", "csv", "jsonl"]);
  });
});

describe("links in NIF", () => {
  const entity = (id: string, url?: string): Entity => ({
    ...{ id, label: id, aliases: [], properties: {}, images: [] },
    ...(url !== undefined && { url }),
  });
  const linkOf = (place: object, to: Entity | null, probability: number | null): MentionLink => ({
    ...{ text: "Jordan", ...place, probability, candidates: [] },
    ...(to === null ? { outcome: "nil", entity: to } : { outcome: "linked", entity: to }),
  });
  const linesOf = async (mentions: readonly MentionLink[], text: string): Promise<string> => {
    const links: CaptionLinks = { id: context, mentions, model: "m", kb: "k" };
    const nif = { syntax: "ntriples", entityBase: "http://example.org/" } as const;
    return written(
      linkLines([links], { format: "nif", nif, offsets: { unit: "utf16", textOf: () => text } }),
    );
  };

  it.each([
    [entity("Q41421", "https://example.org/x"), "http://www.wikidata.org/entity/Q41421"],
    [entity("https://dbpedia.org/resource/MJ", "https://example.org/x"), "https://dbpedia.org/resource/MJ"],
    [entity("mj", "https://example.org/x"), "https://example.org/x"],
    [entity("mj", "javascript:alert(1)"), "http://example.org/mj"],
    [entity('a "b"'), "http://example.org/a%20%22b%22"],
    [null, "urn:mmel:nil:Jordan"],
  ])("name %o by its URI", async (to, uri) => {
    const lines = await linesOf([linkOf({ start: 0, end: 6 }, to, 0.5)], "Jordan, 1996");
    const phrase = "<http://example.org/doc#char=0,6>";
    expect(lines).toContain(`${phrase} <http://www.w3.org/2005/11/its/rdf#taIdentRef> <${uri}> .`);
    expect(lines).toContain('taConfidence> "0.5"^^<http://www.w3.org/2001/XMLSchema#double> .');
  });

  it("have no confidence without a calibration, and find the places of mentions without offsets", async () => {
    const lines = await linesOf([linkOf({}, entity("Q1"), null)], "😀 Jordan");
    expect(lines).toContain("#char=2,8> <http://www.w3.org/2005/11/its/rdf#taIdentRef>");
    expect(lines).not.toContain("taConfidence");
  });

  it("leave out mentions that are not in the text, and say how many", async () => {
    const links: CaptionLinks = { id: "1", mentions: [linkOf({}, null, null)], model: "m", kb: "k" };
    const unplaced: unknown[] = [];
    const text = await written(
      linkLines([links], {
        ...{ format: "nif", offsets: { unit: "utf16", textOf: () => "Pippen" } },
        onUnplaced: (id, mentions) => unplaced.push([id, mentions]),
      }),
    );
    expect(unplaced).toEqual([["1", 1]]);
    expect((await values(read(text)))[0]).toEqual({ id: "1", text: "Pippen", mentions: [] });
  });
});
