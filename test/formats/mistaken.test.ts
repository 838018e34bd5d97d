import { describe, expect, it } from "vitest";
import { type Read, readCaptions, readEntities, readLinks } from "../../src/formats/index.js";
import { all, chunks } from "./files.js";

const readers = { captions: readCaptions, entities: readEntities, links: readLinks };

/** Returns the hint for each record; undefined for a valid record. */
async function hintsOf(expected: keyof typeof readers, text: string): Promise<(string | undefined)[]> {
  const reads = await all<Read<unknown>>(readers[expected](chunks(text)));
  return reads.map((read) => (read.kind === "rejected" ? read.error.detail.hint : undefined));
}

const CAPTION = '{"id":"1","text":"Ann"}';
const ENTITY = '{"id":"1","label":"Ann"}';

describe("a file of another kind is rejected with a hint:", () => {
  it.each([
    ["captions", ENTITY, "mmel kb import"],
    ["links", ENTITY, "mmel kb import"],
    ["entities", CAPTION, "mmel link"],
    ["links", CAPTION, "mmel link"],
    ["captions", "id,text", "--input-format csv"],
    ["entities", "Nr;Name", "`--format csv`"],
    ["entities", "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .", "--format rdf"],
    ["entities", '<http://example.org/1> <http://example.org/name> "Ann" .', "--format rdf"],
    ["captions", `[${CAPTION}]`, "jq -c '.[]'"],
    ["captions", "[", "jq -c '.[]'"],
    ["entities", "{", "jq -c ."],
  ] as const)("%s expected, but %s", async (expected, text, hint) => {
    expect((await hintsOf(expected, text))[0]).toContain(hint);
  });
});

it("valid records, damaged ones and lines after the first get no hint about the kind of file", async () => {
  expect(await hintsOf("captions", `${CAPTION}\na,b`)).toEqual([undefined, undefined]);
  expect(await hintsOf("captions", '{"id":"1","te\n{"id":"1"}')).toEqual([undefined, undefined]);
  expect(await hintsOf("entities", '{"id":1,"label":"A"}\n{"id":"1"}')).toEqual([undefined, undefined]);
});

describe("a table", () => {
  const failure = async (reads: AsyncIterable<unknown>): Promise<string> =>
    all(reads).then(
      () => "none",
      (error: Error) => error.message,
    );

  it("that is JSON Lines is rejected with the option that helps", async () => {
    const format = "csv" as const;
    expect(await failure(readCaptions(chunks(CAPTION), { format }))).toContain("--input-format jsonl");
    expect(await failure(readEntities(chunks(ENTITY), { format }))).toContain("--format jsonl");
  });

  it("of captions is no table of entities", async () => {
    const message = await failure(readEntities(chunks("No,Caption\n1,Ann at home\n"), { format: "csv" }));
    expect(message).toMatch(/--mapping.*mmel link/);
  });
});
