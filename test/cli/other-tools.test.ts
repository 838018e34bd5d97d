import { mkdir, readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { importDemo, lines, mmel, scratch, writeRecords } from "./harness.js";

const path = scratch();
beforeAll(() => importDemo(path("kb")), 60_000);

describe("link for displaCy and Web Annotations", () => {
  it("locates mentions without offsets, and says how many could not be placed", async () => {
    const captions = await writeRecords(path("captions.jsonl"), [
      { id: "1", text: "Jordan with Pippen in 1996", mentions: [{ text: "Pippen" }, { text: "Jordan" }] },
      { id: "2", text: "Jordan alone", mentions: [{ text: "Jordan" }, { text: "Michael" }] },
    ]);
    const link = (format: string) =>
      mmel(["link", captions, "--kb", path("kb"), "--model", "lexical", "--format", format]);

    const displacy = await link("displacy");
    const spans = lines(displacy.stdout).map((line) =>
      (JSON.parse(line).ents as { start: number; end: number }[]).map(({ start, end }) => [start, end]),
    );
    expect(spans).toEqual([
      [
        [0, 6],
        [12, 18],
      ],
      [[0, 6]],
    ]);
    const lost = "mmel: 1 mention could not be placed in the text (first in caption 2); ";
    expect(displacy).toMatchObject({ code: 0, stderr: expect.stringContaining(`${lost}displaCy`) });
    const annotations = await link("webannotation");
    expect(annotations).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`${lost}their annotations`),
    });
    expect(annotations.stdout.match(/TextPositionSelector/g)).toHaveLength(3);
    expect((await link("jsonl")).stderr).toBe("");
  }, 60_000);
});

describe("link for NIF", () => {
  const PREFIXES =
    "@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .\n" +
    "@prefix itsrdf: <http://www.w3.org/2005/11/its/rdf#> .\n";
  const context = (uri: string, text: string): string => `<${uri}> a nif:Context; nif:isString "${text}" .\n`;

  it("reads a document, and writes one with the same contexts, an entity for each phrase, and code points", async () => {
    const uri = "http://example.org/doc#char=0,27";
    await writeFile(
      path("captions.ttl"),
      `${PREFIXES}${context(uri, "😀 Scottie Pippen in Chicago")}
       [] a nif:Phrase; nif:referenceContext <${uri}>; nif:beginIndex 2; nif:endIndex 16; nif:anchorOf "Scottie Pippen" .
       ${context("urn:x:2", "Pippen")}
       <urn:x:wrong> a nif:Phrase; nif:referenceContext <urn:x:2>; nif:beginIndex 1; nif:endIndex 7 .`,
    );
    const args = ["link", path("captions.ttl"), "--kb", path("kb"), "--model", "lexical"];
    const linked = await mmel([...args, "--format", "nif", "--entity-base", "http://example.org/people/"]);
    expect(linked).toMatchObject({ code: 1, stderr: expect.stringContaining("captions.ttl, <urn:x:2>") });
    expect(linked.stderr).toContain("OFFSETS: the phrase <urn:x:wrong>: position 7 is outside the text");
    expect(linked.stdout).toContain(`<${uri}> a nif:Context`);
    expect(linked.stdout).toContain("<http://example.org/doc#char=2,16> a nif:Phrase");
    expect(linked.stdout).toMatch(
      /itsrdf:taIdentRef <http[^>]*pippen[^>]*>;\n\s*itsrdf:taConfidence "0\.\d+"/i,
    );

    await mmel([...args, "--output", path("links.nt")]);
    const lines = (await readFile(path("links.nt"), "utf8")).trimEnd().split("\n");
    for (const line of lines) expect(line).toMatch(/^<[^>]+> <[^>]+> .+ \.$/);
    expect(lines.join("\n")).toContain("taIdentRef");
  }, 60_000);

  it("can be made from a data set, without mentions that are not in the text", async () => {
    const sample = { id: "1", sentence: "😀 Ada met Bob", mentions: ["Bob", "Zoe"], answer: ["Q2", "Q3"] };
    await mkdir(path("wikimel"));
    await writeFile(path("wikimel/splits.json"), JSON.stringify({ dev: ["1"] }));
    await writeFile(path("wikimel/Wikidata-MEL.json"), JSON.stringify({ 1: sample }));
    const args = ["dataset", "convert", path("wikimel"), "--format", "wikimel", "--split", "dev"];
    const converted = await mmel([...args, "--output", path("dev.nif")]);
    expect(converted).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("1 mention is not in the text"),
    });
    const document = await readFile(path("dev.nif"), "utf8");
    expect(document.match(/<\S+> a nif:Phrase/g)).toEqual(["<urn:mmel:caption:1#char=10,13> a nif:Phrase"]);
    expect(document).toContain("itsrdf:taIdentRef <http://www.wikidata.org/entity/Q2>");
  }, 60_000);

  it("needs `--detect` for contexts without phrases, and an option for standard input", async () => {
    const input = `${PREFIXES}${context("urn:x:1", "Scottie Pippen in Chicago")}`;
    const args = ["link", "-", "--kb", path("kb"), "--model", "lexical", "--format", "nif"];
    const asLines = await mmel(args, input);
    expect(asLines).toMatchObject({ code: 1, stderr: expect.stringContaining("add `--input-format nif`") });
    const bare = await mmel([...args, "--input-format", "nif"], input);
    expect(bare).toMatchObject({ code: 1, stderr: expect.stringContaining("standard input, <urn:x:1>") });
    const found = await mmel([...args, "--input-format", "nif", "--detect"], input);
    expect(found).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("<urn:x:1#char=0,14> a nif:Phrase"),
    });
  }, 60_000);
});
