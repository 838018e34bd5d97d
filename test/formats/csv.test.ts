import { describe, expect, it } from "vitest";
import {
  captionLines,
  entityLines,
  linkLines,
  readCaptions,
  readEntities,
  readLinks,
} from "../../src/formats/index.js";
import { all, chunks, outcomes, values } from "./files.js";

const entities = (csv: string, options = {}) => readEntities(chunks(csv), { format: "csv", ...options });
const captions = (csv: string, options = {}) => readCaptions(chunks(csv), { format: "csv", ...options });

describe("CSV entities", () => {
  const expected = [
    {
      id: "Q1",
      label: "Condon, Francis",
      aliases: ["F. Condon", 'the "Judge"'],
      description: "American\npolitician",
      properties: { occupation: ["politician", "lawyer"], sex: ["male"] },
      images: ["a.jpg"],
      popularity: 12.5,
      url: "https://example.org/1",
    },
    { id: "Q2", label: "x", aliases: [], properties: {}, images: [] },
  ];
  const csv = [
    "id,label,aliases,description,images,popularity,url,properties.occupation,properties.sex",
    'Q1,"Condon, Francis","F. Condon|the ""Judge""","American\npolitician",a.jpg,12.5,https://example.org/1,politician|lawyer,male',
    "Q2,x,,,,,,,",
    "",
  ].join("\n");

  it("have a column per property and a bar between values", async () => {
    expect(await values(entities(csv))).toEqual(expected);
    expect(
      (await all(entityLines(expected, { format: "csv", properties: ["occupation", "sex"] }))).join(""),
    ).toBe(csv);
  });

  it.each([
    [";", ";"],
    ["tab", "\t"],
  ])("can be separated by %s, with columns in any order", async (_, separator) => {
    const rows = ["properties.sex,id,label", "male,Q1,x", "", "female|male,Q2,y"]
      .join("\r\n")
      .replaceAll(",", separator);
    expect((await values(entities(rows))).map(({ id, properties }) => [id, properties.sex])).toEqual([
      ["Q1", ["male"]],
      ["Q2", ["female", "male"]],
    ]);
  });

  it("take other columns as properties", async () => {
    const csv = "id,label,Colour,Profession\nQ1,x,red,painter; lawyer\nQ2,y,,\n";
    expect((await values(entities(csv))).map(({ properties }) => properties)).toEqual([
      { Colour: ["red"], occupation: ["painter", "lawyer"] },
      {},
    ]);
  });

  it("cannot be written without a column for every property", async () => {
    await expect(all(entityLines(expected, { format: "csv", properties: ["sex"] }))).rejects.toMatchObject({
      code: "ENTITY_INVALID",
    });
  });

  it.each([
    ["a word as a number", "Q1,x,many", "ENTITY_INVALID"],
    ["NaN", "Q1,x,NaN", "ENTITY_INVALID"],
    ["an infinite number", "Q1,x,Infinity", "ENTITY_INVALID"],
    ["too few cells", "Q1,x", "FORMAT"],
    ["too many", "Q1,x,1,1", "FORMAT"],
    ["text after a quoted cell", 'Q1,"x"y,1', "FORMAT"],
    ["a quote that never closes", 'Q1,"x,1', "FORMAT"],
    ["no label", "Q1,,1", "ENTITY_INVALID"],
  ])("are rejected for %s, and reading continues", async (_, row, code) => {
    const csv = `id,label,popularity\nQ0,a,0\n${row}\nQ2,b,2\n"Q3","c",3\n`;
    expect(await outcomes(entities(csv), ({ id }) => id)).toEqual(["Q0", [3, code], "Q2", "Q3"]);
  });

  it("reject only the row with the wrong quote, and count the lines in quoted cells", async () => {
    const csv = 'id,label\nQ1,"a\nb\nc"\nQ2,"open\nQ3,d\nQ4,"e ""f"" g"\nQ5,h\nQ6,5" tall\n';
    const reads = await all(entities(csv));
    expect(
      reads.map((read) => [read.line, read.kind === "record" ? read.value.label : read.error.code]),
    ).toEqual([
      [2, "a\nb\nc"],
      [5, "FORMAT"],
      [6, "d"],
      [7, 'e "f" g'],
      [8, "h"],
      [9, '5" tall'],
    ]);
  });

  it("end a file of many quotes that never close, instead of reading it again and again", async () => {
    const open = `id,text\n${'a","\n'.repeat(100_000)}`;
    await expect(all(captions(open))).rejects.toMatchObject({
      code: "FORMAT",
      message: expect.stringContaining("too many quoted cells never end"),
    });
  }, 30_000);

  it("limit a quoted cell to the maximum line length", async () => {
    const csv = `id,label\nQ1,"${"a\n".repeat(100)}Q2,b\n`;
    const reads = await outcomes(entities(csv, { maxLineBytes: 50 }), ({ id }) => id);
    expect(reads[0]).toEqual([2, "FORMAT"]);
    expect(reads.at(-1)).toBe("Q2");
  });
});

describe("CSV captions", () => {
  const csv = [
    "id,text,mention,start,end,gold,image,language,type",
    "1,Ann met Bob,Ann,0,3,Q1,a.jpg,en,",
    "1,Ann met Bob,Bob,8,11,NIL,a.jpg,en,PER",
    "2,Nobody,,,,,,,",
    "3,Eve,Eve,,,\\NIL,,,",
    "",
  ].join("\n");

  it("have one row per mention", async () => {
    const read = await values(captions(csv));
    expect(read).toEqual([
      {
        id: "1",
        text: "Ann met Bob",
        image: "a.jpg",
        language: "en",
        mentions: [
          { text: "Ann", span: { start: 0, end: 3 }, gold: { kind: "entity", id: "Q1" } },
          { text: "Bob", span: { start: 8, end: 11 }, type: "PER", gold: { kind: "nil" } },
        ],
      },
      { id: "2", text: "Nobody", mentions: [] },
      { id: "3", text: "Eve", mentions: [{ text: "Eve", gold: { kind: "entity", id: "NIL" } }] },
    ]);
    expect((await all(captionLines(read, { format: "csv" }))).join("")).toBe(csv);
  });

  it.each([
    ["rows with different texts", "1,Ann,Ann\n1,Bob,Bob\n", [[2, "FORMAT"], "4"]],
    ["a repeated id", "1,Ann,Ann\n2,Bob,Bob\n1,Eve,Eve\n", ["1", "2", [4, "DUPLICATE_ID"], "4"]],
    ["too many mentions", "1,Ann,Ann\n".repeat(1001), [[2, "CAPTION_INVALID"], "4"]],
    ["a row without an id", ",Ann,Ann\n", [[2, "CAPTION_INVALID"], "4"]],
  ])("are rejected for %s, and reading continues", async (_, rows, expected) => {
    expect(await outcomes(captions(`id,text,mention\n${rows}4,Zoe,Zoe\n`), ({ id }) => id)).toEqual(expected);
  });

  it("are rejected for an offset that is not a number", async () => {
    const csv = "id,text,mention,start,end\n1,Ann,Ann,zero,3\n2,Ann,Ann,0,3\n";
    expect(await outcomes(captions(csv), ({ id }) => id)).toEqual([[2, "CAPTION_INVALID"], "2"]);
  });
});

describe("CSV links", () => {
  const columns =
    "id,mention,start,end,outcome,entity.id,entity.label,probability,model,kb," +
    "candidates.id,candidates.label,candidates.match,candidates.collaborative,candidates.score,candidates.probability";
  const cells = "1,Ann,0,3,linked,Q1,Ann Vale,0.5,m@1,k@1,Q1,Ann Vale,0.5,0,0.5,0.5";
  const links = (csv: string) => readLinks(chunks(csv), { format: "csv" });

  it("have the reason of a change in the column because", async () => {
    const csv = `${columns},type,because\n${cells},PER,"Ann Vale has “member of: Elm, Inc.”"\n`;
    const read = await values(links(csv));
    expect(read[0]!.mentions[0]).toMatchObject({
      type: "PER",
      because: "Ann Vale has “member of: Elm, Inc.”",
    });
    expect((await all(linkLines(read, { format: "csv" }))).join("")).toBe(csv);
  });

  it("may lack the columns that were added later", async () => {
    const [read] = await values(links(`${columns}\n${cells}\n`));
    expect(read!.mentions[0]).toMatchObject({ text: "Ann", entity: { id: "Q1" } });
    expect(read!.mentions[0]).not.toHaveProperty("because");
  });
});
