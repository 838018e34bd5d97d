import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { lines, mmel, scratch, writeRecords } from "./harness.js";

const path = scratch();
const PEOPLE = [
  {
    id: "a",
    label: "Ann Lee",
    aliases: ["A. Lee"],
    properties: { occupation: ["painter", "singer"] },
    popularity: 3,
  },
  {
    id: "http://example.org/b",
    label: "Ben",
    description: 'a "quoted"\nman',
    images: ["b/1.jpg"],
    url: "https://example.org/b",
  },
];

async function imported(name: string, ...args: string[]): Promise<object[]> {
  const kb = path(`kb-${name}`);
  const { code, stderr } = await mmel(["kb", "import", ...args, "--kb", kb]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { stdout } = await mmel(["kb", "export", "--kb", kb]);
  return lines(stdout).map((line) => JSON.parse(line));
}

describe("catalogue formats", () => {
  it("are exported as SKOS, N-Triples and mapped CSV, and imported again unchanged", async () => {
    const kb = path("kb");
    await mmel(["kb", "import", await writeRecords(path("people.jsonl"), PEOPLE), "--kb", kb]);
    for (const name of ["people.ttl", "people.nt.gz"]) {
      const base = name === "people.ttl" ? ["--base", "http://example.org/id/"] : [];
      const { code } = await mmel(["kb", "export", "--kb", kb, "--output", path(name), ...base]);
      expect(code).toBe(0);
      expect(await imported(name, path(name), ...base)).toEqual(PEOPLE);
    }
    expect(await readFile(path("people.ttl"), "utf8")).toContain("<http://example.org/id/a> a skos:Concept");
    const mapping = path("mapping.json");
    const columns = { Id: "id", Name: "label", Jobs: { field: "properties.occupation", separator: "," } };
    await writeFile(mapping, JSON.stringify({ delimiter: ";", columns }));
    const { stdout } = await mmel(["kb", "export", "--kb", kb, "--mapping", mapping]);
    expect(stdout).toBe('Id;Name;Jobs\na;Ann Lee;"painter,singer"\nhttp://example.org/b;Ben;\n');
    await writeFile(path("mapped.csv"), stdout);
    expect(await imported("csv", path("mapped.csv"), "--mapping", mapping)).toEqual([
      { id: "a", label: "Ann Lee", properties: { occupation: ["painter", "singer"] } },
      { id: "http://example.org/b", label: "Ben" },
    ]);
  });

  it("select a language, report bad lines, and reject options that do not apply", async () => {
    const label = (id: string, text: string): string =>
      `<http://x/${id}> <http://www.w3.org/2004/02/skos/core#prefLabel> ${text} .`;
    const file = path("labels.nt");
    await writeFile(file, [label("a", '"cat"@en'), label("a", '"Katze"@de'), "broken"].join("\n"));
    const kb = path("kb-labels");
    const { code, stdout, stderr } = await mmel([
      "kb",
      "import",
      file,
      "--kb",
      kb,
      "--format",
      "skos",
      "--language",
      "de",
      "--base",
      "http://x/",
      "--json",
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/FORMAT: the line is not a valid RDF statement .*labels\.nt, line 3/);
    expect(JSON.parse(stdout)).toMatchObject({ entities: 1, names: 1, rejected: 1 });
    expect((await mmel(["kb", "export", "--kb", kb])).stdout).toBe('{"id":"a","label":"Katze"}\n');

    await writeFile(path("bad.json"), '{"columns":{"a":"id"}}');
    const csv = path("some.csv");
    await writeFile(csv, "a,b\n1,2\n");
    const refused: [string[], RegExp][] = [
      [
        ["import", csv, "--mapping", path("bad.json"), "--kb", kb],
        /CONFIG: no column maps to label, .*bad\.json/,
      ],
      [["import", csv, "--base", "http://x/", "--kb", kb], /USAGE: --base does not apply/],
      [["import", file, "--mapping", path("bad.json"), "--kb", kb], /USAGE: --mapping does not apply/],
      [["import", csv, "--language", "de", "--kb", kb], /USAGE: --languages does not apply/],
      [["export", "--base", "http://x/", "--kb", kb], /USAGE: --base does not apply/],
      [["export", "--base", "no iri", "--format", "skos", "--kb", kb], /USAGE: .*'no iri'/],
    ];
    for (const [args, message] of refused) {
      const ended = await mmel(["kb", ...args]);
      expect([ended.code, ended.stderr]).toEqual([2, expect.stringMatching(message)]);
    }
  });
});
