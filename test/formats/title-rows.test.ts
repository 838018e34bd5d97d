import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvLine } from "../../src/formats/csv/cells.js";
import { openTable, previewTable, readCaptions, readEntities, xlsxOf } from "../../src/formats/index.js";
import type { TableOptions } from "../../src/formats/table/open.js";
import { all, chunks, values } from "./files.js";

async function read(bytes: Uint8Array, options: TableOptions = {}) {
  await using table = await openTable(chunks(bytes, 1000), options);
  const { header, headerRow } = table;
  const rows = (await all(table.rows)).map((row) =>
    row.kind === "rejected" ? row.error.code : header.map((column) => row.cells.get(column) ?? ""),
  );
  return { header, headerRow, rows };
}

const csv = (rows: readonly (readonly string[])[], delimiter = ";"): Buffer =>
  Buffer.from(rows.map((row) => csvLine(row, delimiter)).join(""));

async function xlsx([header = [], ...rows]: readonly (readonly string[])[]): Promise<Buffer> {
  const file = await xlsxOf({ name: "Sheet", header, rows });
  return Buffer.from(await file.arrayBuffer());
}

const WRITERS = {
  "CSV with ;": (rows: string[][]) => csv(rows, ";"),
  "CSV with ,": (rows: string[][]) => csv(rows, ","),
  TSV: (rows: string[][]) => csv(rows, "\t"),
  Excel: xlsx,
} as const;

const text = fc.constantFrom(
  "Anna",
  "Vale, Anna",
  "1891",
  "Élan",
  "painter; weaver",
  "12.3.1891",
  "x",
  "Ort",
);
const threeCells = fc.tuple(text, text, text).map((cells): string[] => cells);
const HEADER = ["Nr", "Name", "Born"];

describe.each(Object.entries(WRITERS))("a table in %s", (_, write) => {
  it("has its header in the first row if that names more than half of the columns", async () => {
    const names = fc.uniqueArray(fc.constantFrom("Nimi", "x", "1", "Ort", "Notiz 3", "Anna"), {
      minLength: 2,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(names, fc.array(threeCells, { minLength: 1, maxLength: 5 }), async (header, rows) => {
        const top = [...header, ""].slice(0, 3);
        const table = await read(await write([top, ...rows]), { expected: [header] });
        expect(table.headerRow).toBe(1);
        expect(table.header.slice(0, header.length)).toEqual(header);
        expect(table.rows).toEqual(rows);
      }),
      { numRuns: 25 },
    );
  });

  it("is the same below a title", async () => {
    const title = fc.constantFrom("Inventory 2024", "Inventory", "Museum, Wien", "Stand: 1. Mai", "2024");
    const above = fc.array(
      fc.tuple(title, fc.boolean()).map(([title, isBlank]) => (isBlank ? ["", "", ""] : [title, "", ""])),
      { maxLength: 3 },
    );
    await fc.assert(
      fc.asyncProperty(
        title,
        above,
        fc.array(threeCells, { minLength: 1, maxLength: 5 }),
        async (...parts) => {
          const [first, more, rows] = parts;
          const table = await read(await write([[first, "", ""], ...more, HEADER, ...rows]));
          expect(table).toEqual({ header: HEADER, headerRow: 2 + more.length, rows });
        },
      ),
      { numRuns: 25 },
    );
  });

  it("begins at the given row", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(threeCells, { minLength: 2, maxLength: 6 }), fc.nat(5), async (rows, nat) => {
        const at = nat % rows.length;
        const [header = []] = rows.slice(at);
        fc.pre(new Set(header).size === 3);
        const table = await read(await write(rows), { headerRow: at + 1, expected: [header] });
        expect(table).toEqual({ header, headerRow: at + 1, rows: rows.slice(at + 1) });
      }),
      { numRuns: 25 },
    );
  });
});

describe("rows above the header", () => {
  it.each([
    ["a title without delimiters", "Inventory 2024\n\nNr;Name;Born\n1;Vale, Anna;1891\n", 3, ";"],
    ["a title with a comma", "Inventory, 2024\nNr;Name;Born\n1;Anna;1891\n", 2, ";"],
    ["a title of an unknown language, above an empty line", "Luettelo\n\nNimi,Syntymä\nAnna,1891\n", 3, ","],
    ["lines of a letterhead", "Museum;Stadt\nDate;2024\n;\nNr;Name;Born;Died\n1;A;2;3\n", 4, ";"],
    ["a title below the delimiter that Excel names", "sep=|\nInventory||\nNr|Name|Born\n1|A|2\n", 3, "|"],
    ["a quote that never ends", '"Inventory\nNr;Name;Born\n1;A;2\n', 1, undefined],
  ])("may be %s", async (_, text, headerRow, delimiter) => {
    const table = openTable(chunks(Buffer.from(text)));
    if (delimiter === undefined) await expect(table).rejects.toMatchObject({ code: "FORMAT" });
    else expect(await table).toMatchObject({ headerRow, delimiter });
  });

  it.each([
    ["a caption with commas in each row", "Bildunterschrift\nAnna, Wien\nBo, Al\n", 1],
    ["a header with one name, which is a usual one", "Name;;;\nAnna;Wien;Graz;Linz\n", 1],
    ["captions after an empty row", "Caption;;\n\nAnna;Bo;Al\n", 1],
    ["rows with fewer cells than the header", "Nr;Name;Born\n1;;\n2;Anna;\n", 1],
  ])("are not %s", async (_, text, headerRow) => {
    expect((await read(Buffer.from(text))).headerRow).toBe(headerRow);
  });

  it("are left out of entities and captions, with and without a mapping", async () => {
    const entities = csv([["People 2024"], [], ["Nr", "Name"], ["1", "Anna"]]);
    const anna = { id: "1", label: "Anna" };
    expect(await values(readEntities(chunks(entities), { format: "csv" }))).toMatchObject([anna]);
    const columns = { Nr: { field: "id" }, Name: { field: "label" } };
    const mapped = readEntities(chunks(entities), { format: "csv", mapping: { columns } });
    expect(await values(mapped)).toMatchObject([anna]);

    const captions = await xlsx([
      ["Box 7", ""],
      ["", ""],
      ["Foto Nr", "Caption"],
      ["a", "Anna in Wien"],
    ]);
    const expected = [{ id: "a", text: "Anna in Wien" }];
    expect(await values(readCaptions(chunks(captions), { format: "csv" }))).toMatchObject(expected);
    const preview = await previewTable(chunks(captions), { as: "captions" });
    expect(preview).toMatchObject({ headerRow: 3, sheet: "Sheet", sheets: ["Sheet"] });
    const corrected = await previewTable(chunks(captions), { as: "captions", mapping: { headerRow: 4 } });
    expect(corrected).toMatchObject({ headerRow: 4, mapping: { headerRow: 4 } });
    expect(corrected.columns.map(({ name }) => name)).toEqual(["a", "Anna in Wien"]);
  });

  it.each([2, 9])("must leave a header with content: row %i", async (headerRow) => {
    const table = [
      ["Title", ""],
      ["", ""],
      ["Nr", "Name"],
    ];
    const message = `row ${headerRow}, which should name the columns, is empty`;
    const text = Buffer.from("Title\n\nNr;Name\n");
    await expect(read(text, { headerRow })).rejects.toThrow(message);
    await expect(read(await xlsx(table), { headerRow })).rejects.toThrow(message);
  });
});
