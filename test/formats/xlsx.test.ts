import { describe, expect, it } from "vitest";
import { openTable } from "../../src/formats/index.js";
import { all, chunks } from "./files.js";
import { bookParts, zip } from "./zip.js";

async function read(bytes: Uint8Array, sheet?: string, signal?: AbortSignal) {
  await using table = await openTable(chunks(bytes, 1 << 16), { sheet, signal });
  const rows = (await all(table.rows)).map((row) =>
    row.kind === "rejected" ? row.error.code : table.header.map((column) => row.cells.get(column) ?? ""),
  );
  return { header: table.header, rows };
}

const text = (cell: string): string => `<c t="inlineStr"><is><t>${cell}</t></is></c>`;
const header = (...names: string[]): string => `<row>${names.map(text).join("")}</row>`;
const row = (...cells: string[]): string => `<row>${cells.join("")}</row>`;

describe("an Excel file", () => {
  it("shows every kind of cell as a person sees it", async () => {
    const formats = [
      "yyyy-mm-dd",
      "yyyy",
      "mmm yyyy",
      "00000",
      '"Inv. "0000',
      "0%",
      "[$-407]d. mmmm yyyy;@",
      "h:mm",
      "yyyy-mm-dd hh:mm",
    ];
    const cells: [content: string, shown: string][] = [
      ['<c t="s"><v>1</v></c>', "Rich text"],
      ['<c t="s"><v>2</v></c>', "東京"],
      [text("in &amp; line"), "in & line"],
      ['<c t="str"><f>A1&amp;B1</f><v>computed</v></c>', "computed"],
      ["<c><f>1+1</f><v>2</v></c>", "2"],
      ['<c t="b"><v>1</v></c>', "TRUE"],
      ['<c t="e"><v>#N/A</v></c>', ""],
      ['<c t="d"><v>2020-03-01T00:00:00</v></c>', "2020-03-01"],
      ["<c><v>0.30000000000000004</v></c>", "0.3"],
      ["<c><v>1891</v></c>", "1891"],
      ["<c><v>123456789012345</v></c>", "123456789012345"],
      ['<c s="1"><v>43891</v></c>', "2020-03-01"],
      ['<c s="1"><v>1</v></c>', "1900-01-01"],
      ['<c s="2"><v>43891</v></c>', "2020"],
      ['<c s="3"><v>43891</v></c>', "2020-03"],
      ['<c s="4"><v>42</v></c>', "00042"],
      ['<c s="5"><v>42</v></c>', "Inv. 0042"],
      ['<c s="6"><v>0.5</v></c>', "50%"],
      ['<c s="7"><v>43891</v></c>', "2020-03-01"],
      ['<c s="8"><v>0.5</v></c>', "12:00"],
      ['<c s="9"><v>43891.4375</v></c>', "2020-03-01T10:30"],
      [text("_x0041_"), "A"],
      ['<c t="s"><v>99</v></c>', ""],
    ];
    const sheet = header(...cells.map((_, index) => `c${index}`)) + row(...cells.map(([content]) => content));
    const texts =
      "<si><t>unused</t></si><si><r><rPr><b/></rPr><t>Rich</t></r><r><t xml:space='preserve'> text</t></r></si>" +
      "<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si>";
    const { rows } = await read(zip(bookParts({ sheets: { One: sheet }, texts, formats })));
    expect(rows[0]).toEqual(cells.map(([, shown]) => shown));
  });

  it("counts days from 1904 if it says so", async () => {
    const sheet = header("d") + row('<c s="1"><v>1</v></c>');
    const parts = bookParts({ sheets: { One: sheet }, formats: ["yyyy-mm-dd"], properties: 'date1904="1"' });
    expect((await read(zip(parts))).rows).toEqual([["1904-01-02"]]);
  });

  it("may have gaps, merged cells, prefixed tags and rows without numbers", async () => {
    const sheet =
      '<x:row r="3"><x:c r="B3" t="inlineStr"><x:is><x:t>b</x:t></x:is></x:c><x:c r="D3" t="inlineStr"><x:is><x:t>d</x:t></x:is></x:c></x:row>' +
      '<x:row r="5"><x:c r="B5"><x:v>1</x:v></x:c><x:c r="C5"/><x:c r="D5"><x:v>2</x:v></x:c></x:row>' +
      '<x:row><x:c r="E6"><x:v>5</x:v></x:c></x:row>';
    expect(await read(zip(bookParts({ sheets: { One: sheet } })))).toEqual({
      header: ["column 1", "b", "column 3", "d", "column 5"],
      rows: [
        ["", "1", "", "2", ""],
        ["", "", "", "", "5"],
      ],
    });
  });

  it("is read from the first visible sheet with data, or the sheet with a name", async () => {
    const sheets = {
      "-Secret": header("s"),
      Empty: "",
      Data: header("a") + row(text("1")),
      More: header("b"),
    };
    const bytes = zip(bookParts({ sheets }), { deflated: false });
    expect((await read(bytes)).header).toEqual(["a"]);
    expect((await read(bytes, "More")).header).toEqual(["b"]);
    expect((await read(bytes, "-Secret")).header).toEqual(["s"]);
    await expect(read(bytes, "None")).rejects.toMatchObject({
      code: "FORMAT",
      message: expect.stringContaining("Data"),
    });
    expect(await read(zip(bookParts({ sheets: { One: "" } })))).toEqual({ header: [], rows: [] });
  });

  const parts = bookParts({ sheets: { One: header("a") + row(text("1")) } });
  const SHEET = "xl/worksheets/sheet0.xml";
  it.each([
    ["a part that unpacks to more than it says", zip(parts, { sizes: { [SHEET]: 5 } })],
    ["a part that says it unpacks to more than a gibibyte", zip(parts, { sizes: { [SHEET]: 2 ** 31 } })],
    ["XML that ends early", zip({ ...parts, [SHEET]: "<worksheet><sheetData><row><c>" })],
    ["a text without an end", zip({ ...parts, [SHEET]: `<worksheet>${"x".repeat(3 << 20)}` })],
    ["XML that is not UTF-8", zip({ ...parts, [SHEET]: Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0x3c]) })],
    ["too many columns", zip(bookParts({ sheets: { One: '<row><c r="ZZZZ1"><v>1</v></c></row>' } }))],
    ["no workbook", zip({ "a.txt": "a" })],
    ["a spreadsheet of LibreOffice", zip({ "content.xml": "<a/>" })],
  ])("is refused with %s", async (_, bytes) => {
    await expect(read(bytes)).rejects.toMatchObject({ code: "FORMAT" });
  });

  it("does not expand entities", async () => {
    const sheet = `<!DOCTYPE a [<!ENTITY big "x">]><worksheet><sheetData>${header("&big;")}</sheetData></worksheet>`;
    expect((await read(zip({ ...parts, [SHEET]: sheet }))).header).toEqual(["&big;"]);
  });

  it("rejects only the row that is too long", async () => {
    const sheet = header("a", "b") + row(text("x".repeat(900)), text("y".repeat(900))) + row(text("1"));
    await using table = await openTable(chunks(zip(bookParts({ sheets: { One: sheet } }))), {
      maxRowBytes: 1000,
    });
    const kinds = (await all(table.rows)).map((one) => (one.kind === "rejected" ? one.error.code : one.line));
    expect(kinds).toEqual(["LINE_TOO_LONG", 3]);
  });

  it("can be aborted between two pieces", async () => {
    const bytes = zip(bookParts({ sheets: { One: header("a") + row(text("1")).repeat(200_000) } }));
    const controller = new AbortController();
    await using table = await openTable(chunks(bytes, 1 << 16), { signal: controller.signal });
    const reading = async () => {
      for await (const { line } of table.rows) if (line === 150) controller.abort();
    };
    await expect(reading()).rejects.toMatchObject({ code: "ABORTED" });
  });
});
