import { writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { openTable } from "../../src/formats/index.js";
import { bookParts, zip } from "../formats/zip.js";
import { lines, mmel, scratch } from "./harness.js";

const path = scratch();

const PEOPLE = `Inventory no;Name;Born;Died;Profession;Also known as
0007;Anna Vale;1891;1960;painter, teacher;A. Vale, Annie Vale
0008;Bo Élan;c. 1900;;brewer;
`;
const ENTITIES = [
  {
    id: "0007",
    label: "Anna Vale",
    aliases: ["A. Vale", "Annie Vale"],
    properties: { birth: ["1891"], death: ["1960"], occupation: ["painter", "teacher"] },
  },
  { id: "0008", label: "Bo Élan", properties: { birth: ["c. 1900"], occupation: ["brewer"] } },
];

/** The same table as an Excel file. */
const book = zip(
  bookParts({
    sheets: {
      People: PEOPLE.trim()
        .split("\n")
        .map(
          (row) =>
            `<row>${row
              .split(";")
              .map((cell) => `<c t="inlineStr"><is><t>${cell}</t></is></c>`)
              .join("")}</row>`,
        )
        .join(""),
    },
  }),
);

const exported = async (kb: string): Promise<unknown[]> =>
  lines((await mmel(["kb", "export", "--kb", kb])).stdout).map((line) => JSON.parse(line));

beforeAll(async () => {
  await writeFile(path("people.csv"), PEOPLE, "latin1");
  await writeFile(path("people.xlsx"), book);
  const { code } = await mmel(["kb", "import", path("people.csv"), "--kb", path("kb")]);
  expect(code).toBe(0);
});

describe("mmel kb import", () => {
  it.each(["people.csv", "people.xlsx"])("guesses the columns of %s and shows them", async (file) => {
    const kb = path(`kb-${file}`);
    const { code, stderr } = await mmel(["kb", "import", path(file), "--kb", kb]);
    expect(code).toBe(0);
    for (const row of [
      /Inventory no +id\n/,
      /Born +properties\.birth\n/,
      /Also known as +aliases +several values/,
    ])
      expect(stderr).toMatch(row);
    expect(stderr).toContain("--print-mapping");
    expect(await exported(kb)).toEqual(ENTITIES);
  });

  it("leaves out the rows above the names of the columns, and says so", async () => {
    await writeFile(path("titled.csv"), `Inventory 2024;;;;;\n;;;;;\n${PEOPLE}`, "latin1");
    const { code, stderr } = await mmel(["kb", "import", path("titled.csv"), "--kb", path("titled")]);
    expect(code).toBe(0);
    expect(stderr).toContain("titled.csv names the columns, and the rows above it are left out");
    expect(stderr).toContain("row 3 of");
    expect(await exported(path("titled"))).toMatchObject(ENTITIES);
    await writeFile(path("second-row.json"), JSON.stringify({ headerRow: 2 }));
    const mapping = ["--mapping", path("second-row.json")];
    expect(await mmel(["kb", "import", path("titled.csv"), "--kb", path("other"), ...mapping])).toMatchObject(
      {
        code: 1,
        stderr: expect.stringContaining("no column looks like the names of entities"),
      },
    );
  });

  it("prints a mapping that can be edited and used", async () => {
    const kb = path("kb-mapped");
    const printed = await mmel(["kb", "import", path("people.csv"), "--kb", kb, "--print-mapping"]);
    expect(printed).toMatchObject({ code: 0, stderr: "" });
    const edited = printed.stdout.replace('"properties.death"', '"properties.end"');
    await writeFile(path("mapping.json"), edited);
    const args = ["kb", "import", path("people.csv"), "--kb", kb, "--mapping", path("mapping.json")];
    expect(await mmel(args)).toMatchObject({ code: 0, stderr: "" });
    expect((await exported(kb))[0]).toMatchObject({ properties: { birth: ["1891"], end: ["1960"] } });
  });

  it("names the columns found if none contains names", async () => {
    await writeFile(path("colours.tsv"), "Colour\tSize\nred\t1\n");
    const { code, stderr } = await mmel(["kb", "import", path("colours.tsv"), "--kb", path("none")]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^mmel: FORMAT: .*found columns: Colour, Size.*--mapping/);
  });
});

describe("mmel link", () => {
  const link = (args: readonly string[], input?: string) =>
    mmel(["link", ...args, "--kb", path("kb"), "--model", "lexical"], input);
  const outcomes = (stdout: string) =>
    lines(stdout).map((line) => {
      const { id, mentions } = JSON.parse(line);
      return [
        id,
        mentions.map(({ text, entity }: { text: string; entity: { id: string } | null }) => [
          text,
          entity?.id,
        ]),
      ];
    });

  it("reads captions with guessed columns from a file and from standard input", async () => {
    const table =
      'Bildunterschrift;Datei;Personen\n"Anna Vale, 1920";a.jpg;Anna Vale\nBo Élan;b.jpg;Bo Élan\n';
    await writeFile(path("captions.csv"), table);
    const expected = [
      ["2", [["Anna Vale", "0007"]]],
      ["3", [["Bo Élan", "0008"]]],
    ];
    const fromFile = await link([path("captions.csv")]);
    expect(outcomes(fromFile.stdout)).toEqual(expected);
    expect(fromFile.stderr).toMatch(/Bildunterschrift +text\n/);
    expect(fromFile.stderr.match(/numbers of their rows/g)).toHaveLength(1);
    const fromPipe = await link(["-", "--input-format", "csv"], table);
    expect(fromPipe.stdout).toBe(fromFile.stdout);
  });

  it("detects the names in a column of captions alone, and writes Excel for people", async () => {
    await writeFile(path("caption.tsv"), "id\tcaption\n=1\tAnna Vale in 1920\n");
    const { code, stderr } = await link([path("caption.tsv"), "--detect", "--output", path("links.xlsx")]);
    const wrote = `mmel: ${path("links.xlsx")} contains the links of 1 caption\n`;
    expect({ code, stderr }).toEqual({ code: 0, stderr: wrote });
    await using written = await openTable(path("links.xlsx"));
    const rows = [];
    for await (const row of written.rows) if (row.kind === "row") rows.push(Object.fromEntries(row.cells));
    expect(rows).toEqual([
      expect.objectContaining({
        "caption id": "=1",
        name: "Anna Vale",
        outcome: "linked",
        "entity id": "0007",
      }),
    ]);
  });

  it("takes a mapping", async () => {
    await writeFile(path("odd.csv"), "a,b\nAnna Vale,x7\n");
    await writeFile(path("odd.json"), JSON.stringify({ columns: { a: "text", b: "id" } }));
    const { stdout } = await link([path("odd.csv"), "--mapping", path("odd.json"), "--detect"]);
    const expected = [["x7", [["Anna Vale", "0007"]]]];
    expect(outcomes(stdout)).toEqual(expected);

    await writeFile(path("odd.jsonl"), stdout);
    const edited = [path("odd.jsonl"), path("odd.csv"), "--mapping", path("odd.json"), "--detect"];
    const again = await mmel(["relink", ...edited, "--kb", path("kb"), "--model", "lexical"]);
    expect(outcomes(again.stdout)).toEqual(expected);
  });

  it("refuses a mapping for captions that are not in a table", async () => {
    await writeFile(path("captions.jsonl"), '{"id":"1","text":"Anna Vale"}\n');
    const { code, stderr } = await link([path("captions.jsonl"), "--mapping", path("odd.json")]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^mmel: USAGE: [^\n]*not in a table, --mapping\. Remove `--mapping`[^\n]*\n$/);
  });
});
