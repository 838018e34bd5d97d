import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvLine } from "../../src/formats/csv/cells.js";
import { openTable, readCaptions, readEntities, xlsxOf } from "../../src/formats/index.js";
import type { TableOptions } from "../../src/formats/table/open.js";
import { all, chunks, values } from "./files.js";

/** The header and the rows of a table; rejects as their codes. */
async function read(bytes: Uint8Array, options: TableOptions = {}, size = 1000) {
  await using table = await openTable(chunks(bytes, size), options);
  const rows = (await all(table.rows)).map((row) =>
    row.kind === "rejected" ? row.error.code : table.header.map((column) => row.cells.get(column) ?? ""),
  );
  const { kind, encoding, delimiter, header } = table;
  return { kind, encoding, delimiter, header, rows };
}

const ENCODINGS = {
  "utf-8": (text: string) => Buffer.from(text),
  "utf-8 with a mark": (text: string) => Buffer.from(`\ufeff${text}`),
  "utf-16le": (text: string) => Buffer.from(`\ufeff${text}`, "utf16le"),
  "utf-16be": (text: string) => Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
  "utf-16le without a mark": (text: string) => Buffer.from(text, "utf16le"),
  "windows-1252": (text: string) => Buffer.from(text.replaceAll("€", "\x80"), "latin1"),
} as const;

/** Cells as in a catalogue, with the characters that are special in some table. */
const cell = fc
  .array(
    fc.constantFrom("Anna", "Élan", "é", "ß", "€", " ", ",", ";", "\t", "|", '"', "\n", "=1", "0042", "1891"),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(""))
  .filter((text) => text.trim() === text);

const rowsOfThree = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 6 });

describe("openTable returns what was written", () => {
  for (const [name, encode] of Object.entries(ENCODINGS))
    it.each([",", ";", "\t", "|"])(`in ${name}, with %j between the cells`, async (delimiter) => {
      await fc.assert(
        fc.asyncProperty(rowsOfThree, fc.integer({ min: 1, max: 40 }), async (rows, size) => {
          const header = ["Nr", "Größe", "Text"];
          const text = [header, ...rows].map((row) => csvLine(row, delimiter)).join("");
          const table = await read(encode(text), { expected: [header] }, size);
          expect(table).toEqual({
            kind: delimiter === "\t" ? "tsv" : "csv",
            encoding: name.split(" ")[0],
            delimiter,
            header,
            rows,
          });
        }),
        { numRuns: 15 },
      );
    });

  it("from Excel files", async () => {
    await fc.assert(
      fc.asyncProperty(rowsOfThree, async (rows) => {
        const header = ["Nr", "Größe", "Text"];
        const file = await xlsxOf({ name: "Sheet", header, rows });
        const table = await read(new Uint8Array(await file.arrayBuffer()));
        expect(table).toEqual({ kind: "xlsx", encoding: "utf-8", delimiter: undefined, header, rows });
      }),
      { numRuns: 15 },
    );
  });
});

describe("openTable guesses", () => {
  it.each([
    ["semicolons, though texts contain commas", "Nr;Name\n1;Vale, Anna\n2;Lee, Bo\n", ";", 2],
    ["commas, though a name contains a semicolon", 'Nr,"Name; first"\n1,Anna\n2,Bo\n', ",", 2],
    ["tabs", "Nr\tName\n1\tVale, Anna\n", "\t", 2],
    ["bars", "Nr|Name\n1|Vale, Anna\n", "|", 2],
    ["no delimiter for a single column of captions", "Caption\nAnna, 1920\nBo, Al and Cy\nNobody\n", ";", 1],
    ["the delimiter that Excel names", "sep=;\nNr;a,b\n1;2\n", ";", 2],
  ])("%s", async (_, text, delimiter, columns) => {
    const table = await read(Buffer.from(text));
    expect(table).toMatchObject({ delimiter });
    expect(table.header).toHaveLength(columns);
    expect(table.rows.every((row) => typeof row !== "string")).toBe(true);
  });

  it("Windows-1252 when the first such letter comes late", async () => {
    const text = `Nr;Name\n${"1;Anna\n".repeat(20_000)}2;Élan\n`;
    const { rows } = await read(Buffer.from(text, "latin1"), {}, 1 << 16);
    expect(rows.at(-1)).toEqual(["2", "Élan"]);
  });

  it("UTF-8 in spite of one damaged line, which is rejected", async () => {
    const bytes = Buffer.concat([Buffer.from("Nr;Name\n1;Élan\n2;Ödön\n3;"), Buffer.from([0xc9, 0x0a])]);
    expect((await read(bytes)).rows).toEqual([["1", "Élan"], ["2", "Ödön"], "ENCODING"]);
  });
});

describe("openTable", () => {
  it("gives every column a name of its own", async () => {
    const { header } = await read(Buffer.from('Name;Name;;"Two\nlines"\na;b;c;d\n'));
    expect(header).toEqual(["Name", "Name (2)", "column 3", "Two lines"]);
    const numbered = await read(Buffer.from("Name;Name (2);Name;column 5;\n1;2;3;4;5\n"));
    expect(numbered.header).toEqual(["Name", "Name (2)", "Name (3)", "column 5", "column 5 (2)"]);
    expect(numbered.rows).toEqual([["1", "2", "3", "4", "5"]]);
  });

  it.each([
    ["an old Excel file", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]), "FORMAT", /old format/],
    ["a ZIP file that is cut off", Buffer.from("PK\x03\x04 and no more"), "FORMAT", /cannot be read/],
    [
      "an odd number of bytes in UTF-16",
      Buffer.from("\ufeffa;b\nc", "utf16le").subarray(0, -1),
      "ENCODING",
      /utf-16le/,
    ],
    ["a header whose quotes are wrong", Buffer.from('"a"b;c\n1;2\n'), "FORMAT", /closing quote/],
  ])("throws for %s", async (_, bytes, code, message) => {
    await expect(read(bytes)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it("throws CONFIG for an unknown encoding, and reads others by name", async () => {
    await expect(read(Buffer.from("a;b\n"), { encoding: "klingon" })).rejects.toMatchObject({
      code: "CONFIG",
    });
    const polish = Buffer.from([0x4e, 0x72, 0x3b, 0x41, 0x0a, 0x31, 0x3b, 0xb3, 0xf3, 0x64, 0x9f, 0x0a]);
    expect((await read(polish, { encoding: "windows-1250" })).rows).toEqual([["1", "łódź"]]);
  });

  it("has no columns for an empty file", async () => {
    expect(await read(Buffer.from(""))).toMatchObject({ header: [], rows: [] });
  });
});

describe("tables without the columns of mmel", () => {
  it("name the columns found and the option that helps", async () => {
    const csv = { format: "csv" } as const;
    await expect(all(readEntities(chunks("Colour;Size\nred;1\n"), csv))).rejects.toMatchObject({
      code: "FORMAT",
      message: expect.stringMatching(/found columns: Colour, Size.*--mapping/),
    });
    await expect(all(readCaptions(chunks("Colour;Size\nred;1\n"), csv))).rejects.toMatchObject({
      code: "FORMAT",
      message: expect.stringMatching(/found columns: Colour, Size.*--mapping/),
    });
  });

  it("yield the rows before a fault, and then the fault", async () => {
    async function* broken() {
      yield Buffer.from("Nr;Name\n1;Anna\n");
      yield Buffer.alloc(1 << 16, "2;Bo\n");
      throw new Error("gone");
    }
    const seen: unknown[] = [];
    const reading = async () => {
      for await (const one of readEntities(broken(), { format: "csv" })) seen.push(one);
    };
    await expect(reading()).rejects.toThrow("gone");
    expect(seen.length).toBeGreaterThan(1);
  });

  it("make ids that stay the same when rows are added before", async () => {
    const ids = async (rows: string) =>
      (await values(readEntities(chunks(`Name;Born\n${rows}`), { format: "csv" }))).map(({ id }) => id);
    expect(await ids("Anna Vale;1891\nBo Élan;\nBo Élan;\n")).toEqual([
      "anna-vale-1891",
      "bo-elan",
      "bo-elan-2",
    ]);
    expect((await ids("Zoe;\nAnna Vale;1891\n")).at(-1)).toBe("anna-vale-1891");
  });
});
