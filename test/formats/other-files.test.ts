import { deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openTable } from "../../src/formats/index.js";
import { chunks } from "./files.js";
import { zip } from "./zip.js";

/** Some bytes as they occur in compressed files. */
const noise = deflateSync(Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * index) % 251)));
const file = (start: string, ...parts: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from(start, "latin1"), ...parts, noise]);
const old = (part: string): Buffer => file("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Buffer.from(part, "utf16le"));

/** The message and the hint with which a file is refused, or the header of a table. */
const refusal = async (bytes: Buffer): Promise<unknown> =>
  openTable(chunks(bytes, 1000), { name: "people.xlsx" }).then(
    ({ header }) => header,
    ({ code, message, detail }) => `${code}: ${message} | ${detail.hint}`,
  );

describe("a file that is not a table is refused with what it is and what to do:", () => {
  it.each([
    ["PNG picture", file("\x89PNG\r\n\x1a\n"), /Excel or LibreOffice/],
    ["JPEG picture", file("\xff\xd8\xff\xe0"), /pictures are not read/],
    ["TIFF picture", file("II*\0"), /pictures are not read/],
    ["BMP picture", file("BM\x10\x20\0\0\0\0\0\0"), /pictures are not read/],
    ["HEIC picture", file("\0\0\0\x18ftypheic"), /pictures are not read/],
    ["SVG picture", Buffer.from('<?xml version="1.0"?>\n<svg width="1"/>'), /pictures are not read/],
    ["PDF document", file("%PDF-1.7\n"), /Copy the table/],
    [".rtf", Buffer.from("{\\rtf1\\ansi Anna}"), /Copy the table/],
    ["web page", Buffer.from("\ufeff<html><table><tr><td>Anna"), /save the table as \.xlsx/],
    ["Excel file in the old format", old("Workbook"), /save it as \.xlsx/],
    ["Word document (.doc)", old("WordDocument"), /Copy the table/],
    ["password", old("EncryptedPackage"), /without a password/],
    ["Word document (.docx)", zip({ "word/document.xml": "<w/>" }), /Copy the table/],
    [".xlsb", zip({ "xl/workbook.bin": "x" }), /save the table as/],
    ["a LibreOffice file", zip({ "content.xml": "<a/>" }), /save the table as/],
    ["a Numbers, Pages or Keynote file", zip({ "Index/Document.iwa": "x" }), /save the table as/],
    ["ZIP archive without an Excel workbook", zip({ "people.csv": "Nr;Name\n" }), /Unpack/],
    ["ZIP archive without an Excel workbook", zip({}), /Unpack/],
    ["compressed archive", file("7z\xbc\xaf\x27\x1c"), /Unpack/],
    ["SQLite database", file("SQLite format 3\0"), /Export/],
    ["an audio or video file", file("\0\0\0\x20ftypisom"), /recording/],
    ["binary file", noise, /program that made it/],
    ["binary file", Buffer.alloc(5000), /program that made it/],
    ["binary file", Buffer.from(`Nr;Name\n${"1;\0\0\0\n".repeat(9)}`), /program that made it/],
  ])("%s", async (name, bytes, hint) => {
    const refused = await refusal(bytes);
    expect(refused).toMatch(/^FORMAT: this is .*people\.xlsx; expected a table/);
    expect(refused).toContain(name);
    expect(refused).toMatch(hint);
  });

  it("a Word document in which the archive names its main part", async () => {
    const type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument";
    const relations = `<Relationships><Relationship Id="1" Type="${type}" Target="word/document.xml"/></Relationships>`;
    const bytes = zip({ "_rels/.rels": relations, "word/document.xml": "<w/>" });
    expect(await refusal(bytes)).toMatch(/a Word document \(\.docx\)/);
  });
});

describe("a text is a table", () => {
  it("though its first letters are those of another file, or a cell contains a control character", async () => {
    expect(await refusal(Buffer.from("BM;PK;GIF\n1;2;3\n"))).toEqual(["BM", "PK", "GIF"]);
    expect(await refusal(Buffer.from(`Nr;Name\n1;Anna\x0b\n${"2;Bo Lee\n".repeat(20)}`))).toEqual([
      "Nr",
      "Name",
    ]);
  });

  it("in UTF-16, and in Windows-1252 whatever its letters", async () => {
    expect(await refusal(Buffer.from("Nr;Größe\n1;2\n", "utf16le"))).toEqual(["Nr", "Größe"]);
    const letters = fc
      .stringMatching(/^[ -~\u00a0-\u00ff]{1,40}$/)
      .map((text) => text.replaceAll(/[";,|<%{]/g, "x"));
    await fc.assert(
      fc.asyncProperty(letters, async (text) => {
        expect(await refusal(Buffer.from(`Nr;Name\n1;${text}\n`, "latin1"))).toEqual(["Nr", "Name"]);
      }),
      { numRuns: 50 },
    );
  });
});
