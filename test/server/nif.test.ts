import { Parser } from "n3";
import { describe, expect, it } from "vitest";
import type { Problem, WireLinks } from "../../src/formats/index.js";
import { serving } from "./harness.js";

const { get, post } = serving();
const NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#";
const ITSRDF = "http://www.w3.org/2005/11/its/rdf#";
const PREFIXES = `@prefix nif: <${NIF}> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix itsrdf: <${ITSRDF}> .`;
/** The header fields of a request that GERBIL sends. */
const GERBIL = {
  "content-type": "application/x-turtle;charset=UTF-8",
  accept: "application/x-turtle",
  "accept-charset": "UTF-8",
};
const text = "😀 Jordan with Scottie Pippen, and one Qwertz Uiopa";
const length = Array.from(text).length;
const document = "http://www.aksw.org/gerbil/NifWebService/request_0";
const context = `${document}#char=0,${length}`;

/** A context and its phrases, as GERBIL writes them. */
const documentOf = (names: readonly string[], uri = context): string =>
  [
    `${PREFIXES}\n<${uri}> a nif:RFC5147String , nif:String , nif:Context ; nif:beginIndex "0"^^xsd:nonNegativeInteger ;`,
    `nif:endIndex "${length}"^^xsd:nonNegativeInteger ; nif:isString "${text}"^^xsd:string .`,
    ...names.map((name) => {
      const start = Array.from(text.slice(0, text.indexOf(name))).length;
      const end = start + name.length;
      return `<${document}#char=${start},${end}> a nif:RFC5147String , nif:String , nif:Phrase ; nif:anchorOf "${name}"^^xsd:string ;
        nif:beginIndex "${start}"^^xsd:nonNegativeInteger ; nif:endIndex "${end}"^^xsd:nonNegativeInteger ;
        nif:referenceContext <${uri}> .`;
    }),
  ].join("\n");

const send = (
  body: NonNullable<RequestInit["body"]>,
  headers: Record<string, string> = GERBIL,
  query = "",
): Promise<Response> => get(`/v1/nif${query}`, { method: "POST", body, headers });

interface Phrase {
  readonly start: number;
  readonly end: number;
  readonly uri: string;
  readonly confidence: number;
}

/** Reads an answer as GERBIL does: by the URI of the context that was sent. */
function phrasesOf(answer: string, of: string = context): Phrase[] {
  const quads = new Parser().parse(answer);
  const value = (subject: string, predicate: string): string =>
    quads.find((quad) => quad.subject.value === subject && quad.predicate.value === predicate)?.object
      .value ?? "";
  expect(value(of, `${NIF}isString`)).toBe(text);
  return quads
    .filter(({ predicate, object }) => predicate.value === `${NIF}referenceContext` && object.value === of)
    .map(({ subject }) => ({
      start: Number(value(subject.value, `${NIF}beginIndex`)),
      end: Number(value(subject.value, `${NIF}endIndex`)),
      uri: value(subject.value, `${ITSRDF}taIdentRef`),
      confidence: Number(value(subject.value, `${ITSRDF}taConfidence`)),
    }));
}

const names = ["Jordan", "Scottie Pippen", "Qwertz Uiopa"];

describe("POST /v1/nif", () => {
  it("links the phrases of a document as /v1/link does (D2KB)", async () => {
    const answer = await send(documentOf(names));
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      200,
      "application/x-turtle; charset=utf-8",
    ]);
    const phrases = phrasesOf(await answer.text());
    const mentions = names.map((name) => ({
      text: name,
      start: text.indexOf(name),
      end: text.indexOf(name) + name.length,
    }));
    const linked = (await (await post("/v1/link", { id: "1", text, mentions })).json()) as WireLinks;
    expect(phrases.map(({ start, end }) => Array.from(text).slice(start, end).join(""))).toEqual(names);
    expect(phrases.map(({ confidence }) => confidence)).toEqual(
      linked.mentions.map(({ probability }) => probability),
    );
    expect(linked.mentions.map(({ outcome }) => outcome)).toEqual(["linked", "linked", "nil"]);
    expect(phrases[1]!.uri).toMatch(/^(?:urn:mmel:|https?:).*pippen/i);
    expect(phrases[2]!.uri).toBe("urn:mmel:nil:Qwertz%20Uiopa");
  });

  it("detects the names of a document without phrases (A2KB)", async () => {
    const phrases = phrasesOf(await (await send(documentOf([]))).text());
    expect(phrases.map(({ start, end }) => Array.from(text).slice(start, end).join(""))).toContain(
      "Scottie Pippen",
    );
    const refused = await send(documentOf([]), GERBIL, "?detect=false");
    expect([refused.status, ((await refused.json()) as Problem).code]).toEqual([422, "CAPTION_INVALID"]);
  });

  it("answers in the syntax of `Accept`, or else of the request, and with the given prefix", async () => {
    const type = async (headers: Record<string, string>): Promise<string | null> => {
      const answer = await send(documentOf(["Jordan"]), headers);
      expect(phrasesOf(await answer.text())).toHaveLength(1);
      return answer.headers.get("content-type");
    };
    expect(await type({ "content-type": "text/turtle" })).toBe("text/turtle; charset=utf-8");
    expect(
      await type({ "content-type": "text/turtle", accept: "text/html, application/n-triples;q=0.5" }),
    ).toBe("application/n-triples; charset=utf-8");
    const based = await send(documentOf(["Scottie Pippen"]), GERBIL, "?entityBase=http://example.org/");
    expect(phrasesOf(await based.text())[0]!.uri).toMatch(/^http:\/\/example.org\/scottie-pippen$/);
  });

  it("keeps the contexts of a document apart", async () => {
    const second = "urn:x:second";
    const answer = await (await send(documentOf(["Jordan"]) + documentOf(["Scottie Pippen"], second))).text();
    expect([phrasesOf(answer), phrasesOf(answer, second)].map((phrases) => phrases.length)).toEqual([1, 1]);
  });

  it.each([
    ["not Turtle", "{}", GERBIL, "", 400, "FORMAT"],
    ["without contexts", PREFIXES, GERBIL, "", 400, "FORMAT"],
    ["not UTF-8", Buffer.from([0x1f, 0x8b]), GERBIL, "", 422, "ENCODING"],
    ["with wrong offsets", documentOf(names).replaceAll('"2"', '"3"'), GERBIL, "", 422, "OFFSETS"],
    ["that is too large", `# ${"x".repeat(2 ** 20)}`, GERBIL, "", 413, "TOO_LARGE"],
    ["with a long text", documentOf([]).replace("😀", "x".repeat(20_001)), GERBIL, "", 413, "TOO_LARGE"],
    ["of another type", "{}", { "content-type": "application/json" }, "", 415, "FORMAT"],
    ["with an unknown parameter", documentOf(names), GERBIL, "?topK=2", 400, "USAGE"],
    ["with a prefix that is no IRI", documentOf(names), GERBIL, "?entityBase=x", 400, "USAGE"],
    ["for an unknown catalogue", documentOf(names), GERBIL, "?catalogue=none", 404, "NOT_FOUND"],
  ])("answers a document %s with an error", async (_, body, headers, query, status, code) => {
    const answer = await send(body, headers, query);
    expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([status, code]);
  });

  it("is the only route that takes NIF", async () => {
    const answer = await get("/v1/link", { method: "POST", body: documentOf(names), headers: GERBIL });
    expect(answer.status).toBe(415);
  });
});
