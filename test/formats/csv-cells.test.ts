import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cellText, readCell } from "../../src/formats/csv/cells.js";
import { linkLines, readEntities, readLinks } from "../../src/formats/index.js";
import { all, chunks, values } from "./files.js";

const PIECES = [
  "=",
  "+",
  "-",
  "@",
  "\t",
  "\r",
  "\n",
  "'",
  "\\",
  "\\u001b",
  "u001b",
  "\u001b",
  "\u009b",
  "\0",
  "a",
  "1",
];
/** Text that a spreadsheet or a terminal would obey, and text that looks like its escaped form. */
const risky = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 8 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 12 }),
);

describe("text in a CSV cell", () => {
  it("is read back unchanged, runs no formula and contains no control character", () => {
    fc.assert(
      fc.property(risky, (text) => {
        const cell = cellText(text);
        expect(readCell(cell)).toBe(text);
        expect(cell).not.toMatch(/^[=+\-@\t\r]/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the law is about these characters
        expect(cell).not.toMatch(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["=1+1", "'=1+1"],
    ["'=1+1", "''=1+1"],
    ["+49", "'+49"],
    ["-", "'-"],
    ["@sum", "'@sum"],
    ["\tx", "'\tx"],
    ["'t Hooft", "'t Hooft"],
    ["a=b", "a=b"],
    ["\u001b[31m", "\\u001b[31m"],
    ["\\u001b", "\\\\u001b"],
    ["C:\\users", "C:\\users"],
  ])("%j is written as %j", (text, cell) => {
    expect(cellText(text)).toBe(cell);
  });

  it("is left alone in other files, unless it has this form", () => {
    for (const content of ["'t Hooft", "''", "'", "\\u00e9", "\\n", "=1"])
      expect(readCell(content)).toBe(content);
  });

  it("takes linear time", () => {
    for (const text of ["\\".repeat(1e6), `${"\\".repeat(1e6)}\u001b`, `${"'".repeat(1e6)}x`])
      expect(readCell(cellText(text)) === text).toBe(true);
  });
});

describe("a CSV file", () => {
  it("keeps numbers as they are", () => {
    fc.assert(fc.property(fc.double({ noNaN: true }), (number) => cellText(number) === String(number)));
    expect(cellText([-0.5, null, 2])).toBe("-0.5||2");
  });

  it("has numbers in the numeric columns of links, and safe text in the others", async () => {
    const candidate = {
      id: "=Q1",
      label: "-x",
      match: 0.5,
      collaborative: -0.25,
      score: -0.5,
      probability: null,
    };
    const mention = { text: "@x", start: 0, end: 2, outcome: "nil", entity: null, probability: 0.5 } as const;
    const entity = { id: "=Q1", label: "-x", aliases: [], properties: {}, images: [] };
    const links = [
      {
        id: "+1",
        mentions: [{ ...mention, candidates: [{ ...candidate, entity }] }],
        model: "m@1",
        kb: "k@1",
      },
    ];
    const lines = await all(linkLines(links, { format: "csv" }));
    expect(lines[1]).toBe("'+1,'@x,0,2,nil,,,0.5,m@1,k@1,'=Q1,'-x,0.5,-0.25,-0.5,,,\n");
    expect(await values(readLinks(chunks(lines.join("")), { format: "csv" }))).toEqual(links);
  });

  it("of entities is read without the apostrophes", async () => {
    const csv = "id,label,popularity\n'+1,'=a,12\n";
    expect(await values(readEntities(chunks(csv), { format: "csv" }))).toMatchObject([
      { id: "+1", label: "=a", popularity: 12 },
    ]);
  });
});
