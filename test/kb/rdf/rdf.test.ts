import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Entity } from "../../../src/core/index.js";
import { type RdfReadOptions, rdfLines, readRdf } from "../../../src/kb/rdf/index.js";
import { entityArbitrary } from "../../formats/arbitraries.js";
import { entity } from "../entities.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mmel-rdf-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

async function read(files: readonly string[], options: RdfReadOptions = {}) {
  const entities: Entity[] = [];
  const rejected: string[] = [];
  for await (const item of readRdf(files, options)) {
    if (item.kind === "record") entities.push(item.value);
    else rejected.push(`${item.error.code}: ${item.error.message}`);
  }
  return { entities, rejected };
}

async function written(
  entities: readonly Entity[],
  format: "skos" | "ntriples",
  base?: string,
): Promise<string> {
  let text = "";
  for await (const part of rdfLines(entities, { format, ...(base !== undefined && { base }) })) text += part;
  return text;
}

/** The entity as RDF can express it: without repeated values. */
function withoutRepeats(item: Entity): Entity {
  const unique = (values: readonly string[]): string[] => [...new Set(values)];
  return {
    ...item,
    aliases: unique(item.aliases).filter((alias) => alias !== item.label),
    properties: Object.fromEntries(
      Object.entries(item.properties).map(([name, values]) => [name, unique(values)]),
    ),
    images: unique(item.images),
  };
}

const byId = (a: Entity, b: Entity): number => Buffer.compare(Buffer.from(a.id), Buffer.from(b.id));
const described = ({ description }: Entity): boolean =>
  description === undefined || description.trim() !== "";
const sets = fc.uniqueArray(entityArbitrary.filter(described), { selector: ({ id }) => id, maxLength: 4 });

describe("rdfLines and readRdf", () => {
  it.each(["skos", "ntriples"] as const)("round-trip entities as %s with any base", async (format) => {
    const name = format === "skos" ? "round.ttl" : "round.nt";
    const bases = fc.constantFrom(undefined, "http://example.org/id/", "https://example.org/#");
    await fc.assert(
      fc.asyncProperty(sets, bases, async (entities, base) => {
        const path = await file(name, await written(entities, format, base));
        const options = { ...(base !== undefined && { base }), onlyConcepts: format === "skos" };
        const { entities: found, rejected } = await read([path], options);
        expect(rejected).toEqual([]);
        expect(found.sort(byId)).toEqual(entities.map(withoutRepeats).sort(byId));
        for (const item of found)
          expect(Object.keys(item.properties)).toEqual(
            Object.keys(entities.find(({ id }) => id === item.id)!.properties),
          );
      }),
      { numRuns: 60 },
    );
  });

  it("preserve ids that look like IRIs, like the base, and like neither", async () => {
    const ids = [
      "Q1",
      "http://example.org/a#b",
      "urn:mmel:",
      "urn:mmel:Q1",
      "urn:mmel:property:x",
      "http://a b",
      "_:b",
      "a/../b",
      "%41",
      "http://x/<>",
    ];
    const path = await file(
      "ids.nt",
      await written(
        ids.map((id) => entity(id)),
        "ntriples",
      ),
    );
    expect((await read([path])).entities.map(({ id }) => id).sort()).toEqual([...ids].sort());
  });

  it("give the same entities for any order of the statements, in one or several files, gzipped or not", async () => {
    const people = Array.from({ length: 40 }, (_, index) =>
      entity(`Q${index}`, { aliases: [`A${index}`, `B${index}`], properties: { job: ["x", `y${index}`] } }),
    );
    const lines = (await written(people, "ntriples")).trimEnd().split("\n");
    // A transposition of the statements: subjects interleaved, each one's statements still in order.
    const step = 5;
    const interleaved = Array.from({ length: step }, (_, offset) =>
      lines.filter((_, index) => index % step === offset),
    ).flat();
    const whole = await read([await file("whole.nt", lines.join("\n"))]);
    expect(whole.entities).toHaveLength(40);
    expect(await read([await file("interleaved.nt", interleaved.join("\r\n"))])).toEqual(whole);
    const half = interleaved.length >> 1;
    const first = await file("first.nt.gz", gzipSync(interleaved.slice(0, half).join("\n")));
    expect(await read([first, await file("second.ttl", interleaved.slice(half).join("\n"))])).toEqual(whole);
  });
});

it("statements are recognised by the file name, compressed or not", async () => {
  const quad = '<http://x/a> <http://www.w3.org/2004/02/skos/core#prefLabel> "cat" <http://x/graph> .\n';
  const quadByBzip2 = Buffer.from(
    "QlpoOTFBWSZTWQhr47EAABFdgAAQWAHcFQAEO8zcwCAASK2pPKBo0eoNDaahXqDRNMBGTJppj0I2TgStMp9u4XcgFgMY2KShq+Vy9dkohwakbtfh2Tc6yH6x+45nksdC/JyGxdyRThQkAhr47EA=",
    "base64",
  );
  const plain = await read([await file("plain.nq", quad)]);
  expect(plain.entities).toMatchObject([{ label: "cat" }]);
  expect(await read([await file("packed.nq.gz", gzipSync(quad))])).toEqual(plain);
  expect(await read([await file("packed.nq.bz2", quadByBzip2)])).toEqual(plain);
});

const THESAURUS = `
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix : <http://example.org/> .
:scheme a skos:ConceptScheme ; skos:prefLabel "Animals and more"@en .
:cat a skos:Concept ; skos:inScheme :scheme ; skos:broader :animal, :nowhere_land ;
  skos:prefLabel "cat"@en, "Katze"@de, "chat"@fr ; skos:altLabel "house cat"@en-GB, "Hauskatze"@de ; skos:hiddenLabel "kat" ;
  skos:definition "a small animal"@en, "ein kleines Tier"@de ; skos:note "see also dog"@en ; skos:exactMatch <http://other/1> .
:animal a skos:Concept ; skos:prefLabel "animal"@en, "Tier"@de ; skos:narrower :cat .
:old a skos:Concept ; xl:prefLabel [ xl:literalForm "old form"@en ] .
:person a <http://xmlns.com/foaf/0.1/Person> ; <http://xmlns.com/foaf/0.1/name> "Ann" .
:nameless skos:note "nothing" .
`;

describe("nodes of SKOS and common vocabularies", () => {
  it("become entities with labels in the wanted languages and broader concepts by name", async () => {
    const path = await file("thesaurus.ttl", THESAURUS);
    const options = { languages: ["de", "en"], base: "http://example.org/", onlyConcepts: true };
    const { entities } = await read([path], options);
    expect(entities.map(({ id }) => id)).toEqual(["animal", "cat", "old"]);
    expect(entities[1]).toEqual({
      id: "cat",
      label: "Katze",
      aliases: ["house cat", "Hauskatze", "kat", "cat"],
      description: "ein kleines Tier",
      properties: {
        broader: ["Tier", "nowhere land"],
        note: ["see also dog"],
        "description.en": ["a small animal"],
      },
      images: [],
    });
    expect(entities[2]?.label).toBe("old form");
    const all = await read([path], { onlyConcepts: true });
    expect(all.entities.find(({ label }) => label === "cat")?.aliases).toContain("chat");
    const french = await read([path], { languages: ["fr"], onlyConcepts: true });
    expect(french.entities.map(({ label }) => label)).toEqual(["animal", "chat", "old form"]);
    expect(french.entities[1]).toMatchObject({ aliases: ["kat"], description: "a small animal" });
  });

  it("become entities if they have a name, with a warning for the others", async () => {
    const warnings: string[] = [];
    const path = await file(
      "generic.ttl",
      `${THESAURUS}
@prefix schema: <https://schema.org/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix dbo: <http://dbpedia.org/ontology/> .
<http://dbpedia.org/resource/Ada> schema:name "Ada" ; schema:alternateName "Countess" ; schema:description "a pioneer" ;
  foaf:depiction <https://example.org/ada.jpg> ; schema:url <https://example.org/ada> ; schema:image [] ;
  <http://wikiba.se/ontology#sitelinks> 120 ; dbo:birthPlace <http://dbpedia.org/resource/City_of_L%C3%B8ndon> ;
  dbo:height [ <http://www.w3.org/1999/02/22-rdf-syntax-ns#value> "1.6" ] ; dbo:birthDate "1815-12-10" ; a schema:Person .
`,
    );
    const { entities } = await read([path], { onWarning: (warning) => warnings.push(warning) });
    expect(entities.map(({ label }) => label).sort()).toEqual(["Ada", "Ann", "animal", "cat", "old form"]);
    expect(entities.find(({ label }) => label === "Ada")).toEqual({
      id: "http://dbpedia.org/resource/Ada",
      label: "Ada",
      aliases: ["Countess"],
      description: "a pioneer",
      properties: {
        birthPlace: ["City of Løndon"],
        height: ["1.6"],
        birthDate: ["1815-12-10"],
        type: ["Person"],
      },
      images: ["https://example.org/ada.jpg"],
      popularity: 120,
      url: "https://example.org/ada",
    });
    expect(warnings).toEqual(["2 subjects were skipped (without a name, or not an entity)"]);
  });
});

describe("invalid RDF", () => {
  const good = (id: string): string =>
    `<http://x/${id}> <http://www.w3.org/2000/01/rdf-schema#label> "Label ${id}" .`;

  it("rejects only the bad lines of N-Triples", async () => {
    const lines = [
      good("a"),
      "<http://x/b> <broken",
      good("c"),
      `${good("d").slice(0, -1)}`,
      Buffer.from([0xff, 0xfe, 0x41]),
      "# a comment",
      "",
      good("e"),
    ];
    const bytes = Buffer.concat(lines.flatMap((line) => [Buffer.from(line as string), Buffer.from("\n")]));
    const { entities, rejected } = await read([await file("bad.nt", bytes)]);
    expect(entities.map(({ label }) => label)).toEqual(["Label a", "Label c", "Label e"]);
    expect(rejected).toEqual([
      expect.stringMatching(/^FORMAT: the line is not a valid RDF statement .*bad\.nt, line 2;/),
      expect.stringMatching(/^FORMAT: .*line 4;/),
      expect.stringMatching(/^ENCODING: .*line 5;/),
    ]);
  });

  it.each<[string, string | Uint8Array, string]>([
    ["syntax.ttl", '<http://x/a> <http://x/p> "open .\n', "FORMAT"],
    ["prefix.ttl", "x:a x:b x:c .", "FORMAT"],
    ["rdf.xml", '<?xml version="1.0"?><rdf:RDF/>', "FORMAT"],
    ["endless.ttl", `<http://x/a> <http://x/p> """${"text ".repeat(5 << 20)}`, "FORMAT"],
    ["latin1.ttl", Buffer.from('<http://x/a> <http://x/p> "caf\xe9" .', "latin1"), "ENCODING"],
    ["cut.nt.gz", gzipSync(`${good("a")}\n`.repeat(1000)).subarray(0, 60), "FORMAT"],
    ["missing/no.ttl", "", "FILE_NOT_FOUND"],
  ])("throws for the file %s", async (name, content, code) => {
    const path = name.includes("/") ? join(folder, name) : await file(name, content);
    await expect(read([path])).rejects.toMatchObject({ code });
  });

  it("rejects an invalid entity by its IRI and keeps the others", async () => {
    const long = good("long").replace("Label", "L".repeat(2000));
    const control = good("nul").replace("Label", "a\\u0000b");
    const { entities, rejected } = await read([
      await file("entities.nt", `${long}\n${control}\n${good("ok")}`),
    ]);
    expect(entities.map(({ label }) => label)).toEqual(["a\0b nul", "Label ok"]);
    expect(rejected).toEqual([
      expect.stringMatching(/^ENTITY_INVALID: label: has 2005 characters.*<http:\/\/x\/long>/),
    ]);
  });

  it("truncates a subject with too many statements, accepts cycles, and leaves no files behind", async () => {
    const scratch = await mkdtemp(join(folder, "scratch-"));
    vi.stubEnv("TMPDIR", scratch);
    const many = Array.from({ length: 10_050 }, (_, index) => `<http://x/a> <http://x/p> "${index}" .`);
    const cycle = "<http://x/a> <http://x/q> <http://x/b> .\n<http://x/b> <http://x/q> <http://x/a> .";
    const warnings: string[] = [];
    const path = await file("many.nt", [good("a"), good("b"), ...many, cycle].join("\n"));
    const { entities } = await read([path], { onWarning: (warning) => warnings.push(warning) });
    expect(entities[0]?.properties.p).toHaveLength(9_999);
    expect(entities[1]?.properties).toEqual({ q: ["Label a"] });
    expect(warnings[0]).toMatch(/too many statements/);
    expect(await readdir(scratch)).toEqual([]);
    vi.unstubAllEnvs();
    await expect(read([path], { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "ABORTED" });
  });
});
