import { describe, expect, it } from "vitest";
import { MAX_ID_LENGTH, MAX_MENTIONS, MAX_TYPE_LENGTH } from "../../src/core/index.js";
import { MAX_NAME_LENGTH, readCaptions, readEntities, rejectLine } from "../../src/formats/index.js";
import { all, chunks, outcomes } from "./files.js";

const captions = (lines: string): Promise<unknown[]> =>
  outcomes(readCaptions(chunks(`${lines}\n{"id":"last","text":"here"}`)), ({ id }) => id);
const entities = (lines: string): Promise<unknown[]> =>
  outcomes(readEntities(chunks(`${lines}\n{"id":"last","label":"here"}`)), ({ id }) => id);

const mention = (fields: object, text = "👍 Ann met Bob"): string =>
  JSON.stringify({ id: "1", text, mentions: [{ text: "Ann", ...fields }] });

describe("readCaptions rejects a line and continues, for", () => {
  it.each([
    ["text that is not JSON", "{oops", "FORMAT"],
    ["NaN", '{"id":"1","text":NaN}', "FORMAT"],
    ["a list", "[]", "CAPTION_INVALID"],
    ["null", "null", "CAPTION_INVALID"],
    ["a missing text", '{"id":"1"}', "CAPTION_INVALID"],
    ["a number as id", '{"id":1,"text":"a"}', "CAPTION_INVALID"],
    ["a blank id", '{"id":" ","text":"a"}', "CAPTION_INVALID"],
    ["mentions that are not a list", '{"id":"1","text":"a","mentions":{}}', "CAPTION_INVALID"],
    ["an empty name", mention({ text: "" }), "CAPTION_INVALID"],
    ["a long name", mention({ text: "x".repeat(MAX_NAME_LENGTH + 1) }), "CAPTION_INVALID"],
    ["a blank type", mention({ type: " " }), "CAPTION_INVALID"],
    ["a long type", mention({ type: "x".repeat(MAX_TYPE_LENGTH + 1) }), "CAPTION_INVALID"],
    ["a type that is not a string", mention({ type: ["PER"] }), "CAPTION_INVALID"],
    ["a lone surrogate in a type", mention({ type: "\udc4d" }), "ENCODING"],
    ["a picture outside the folder", '{"id":"1","text":"a","image":"a/../../b.jpg"}', "CAPTION_INVALID"],
    ["a picture by absolute path", '{"id":"1","text":"a","image":"/etc/passwd"}', "CAPTION_INVALID"],
    ["a lone surrogate in the text", '{"id":"1","text":"\\ud83d"}', "ENCODING"],
    ["a lone surrogate in a name", mention({ text: "\udc4d" }), "ENCODING"],
    ["offsets of another text", mention({ start: 4, end: 7 }), "OFFSETS"],
    ["offsets outside the text", mention({ start: 100, end: 103 }), "OFFSETS"],
    ["offsets inside a character", mention({ start: 1, end: 4 }), "OFFSETS"],
    ["only a start", mention({ start: 3 }), "OFFSETS"],
    ["only an end", mention({ end: 6 }), "OFFSETS"],
    ["an end before the start", mention({ start: 6, end: 3 }), "OFFSETS"],
    ["a negative start", mention({ start: -3, end: 0 }), "CAPTION_INVALID"],
    ["a fractional offset", mention({ start: 2.5, end: 6 }), "CAPTION_INVALID"],
  ])("%s", async (_, line, code) => {
    expect(await captions(line)).toEqual([[1, code], "last"]);
  });

  it("too many mentions", async () => {
    const line = (count: number): string =>
      JSON.stringify({
        id: "1",
        text: "Ann",
        mentions: Array(count).fill({ text: "Ann", start: 0, end: 3 }),
      });
    expect(await captions(line(MAX_MENTIONS))).toEqual(["1", "last"]);
    expect(await captions(line(10_000))).toEqual([[1, "CAPTION_INVALID"], "last"]);
  });

  it("a repeated id, and reports the line of the first", async () => {
    const reads = await all(readCaptions(chunks('\n{"id":"1","text":"a"}\n{"id":"1","text":"b"}\n')));
    expect(reads).toMatchObject([
      { kind: "record", line: 2 },
      { kind: "rejected", line: 3, id: "1", error: { code: "DUPLICATE_ID" } },
    ]);
    expect((reads[1] as { error: Error }).error.message).toContain("line 2");
  });
});

it("shows both texts when a mention and its offsets disagree", async () => {
  const [read] = await all(readCaptions(chunks(mention({ start: 4, end: 7 }))));
  expect(read).toMatchObject({ kind: "rejected", error: { message: expect.stringMatching(/"Ann".*"nn "/) } });
});

it("accepts mentions that overlap, have no offsets, or are NIL", async () => {
  const wire = {
    id: "1",
    text: "Bank of England",
    mentions: [
      { text: "Bank of England", start: 0, end: 15, gold: "Q1" },
      { text: "England", start: 8, end: 15, gold: null },
      { text: "Threadneedle Street" },
    ],
  };
  const [read] = await all(readCaptions(chunks(JSON.stringify(wire))));
  expect(read).toMatchObject({
    value: {
      mentions: [
        { span: { start: 0, end: 15 }, gold: { kind: "entity", id: "Q1" } },
        { span: { start: 8, end: 15 }, gold: { kind: "nil" } },
        { text: "Threadneedle Street" },
      ],
    },
  });
});

describe("readEntities rejects a line and continues, for", () => {
  it.each([
    ["a missing label", '{"id":"1"}', "ENTITY_INVALID"],
    ["an empty label", '{"id":"1","label":""}', "ENTITY_INVALID"],
    ["a long id", `{"id":"${"x".repeat(MAX_ID_LENGTH + 1)}","label":"x"}`, "ENTITY_INVALID"],
    ["a name of 10,000 characters", `{"id":"1","label":"${"x".repeat(10_000)}"}`, "ENTITY_INVALID"],
    [
      "an alias of 10,000 characters",
      `{"id":"1","label":"x","aliases":["${"x".repeat(10_000)}"]}`,
      "ENTITY_INVALID",
    ],
    ["an infinite popularity", '{"id":"1","label":"x","popularity":1e999}', "ENTITY_INVALID"],
    ["a negative popularity", '{"id":"1","label":"x","popularity":-1}', "ENTITY_INVALID"],
    ["NaN", '{"id":"1","label":"x","popularity":NaN}', "FORMAT"],
    ["a property without a list", '{"id":"1","label":"x","properties":{"sex":"male"}}', "ENTITY_INVALID"],
    ["a lone surrogate", '{"id":"1","label":"x","properties":{"sex":["\\udc00"]}}', "ENCODING"],
  ])("%s", async (_, line, code) => {
    expect(await entities(line)).toEqual([[1, code], "last"]);
  });
});

describe("unknown fields", () => {
  it("are ignored with one warning per name", async () => {
    const warnings: string[] = [];
    const line = (id: string): string =>
      `{"id":"${id}","text":"Ann","colour":1,"mentions":[{"text":"Ann","sure":true},{"text":"Ann","sure":true}]}`;
    const reads = await all(
      readCaptions(chunks(`${line("1")}\n${line("2")}`), { onWarning: (warning) => warnings.push(warning) }),
    );
    expect(reads).toMatchObject([{ value: { id: "1" } }, { value: { id: "2" } }]);
    expect(JSON.stringify(reads)).not.toMatch(/colour|sure/);
    expect(warnings).toEqual([
      'unknown field "colour" is ignored, first found in standard input, line 1',
      'unknown field "mentions.sure" is ignored, first found in standard input, line 1',
    ]);
  });

  it("never change a prototype", async () => {
    const warnings: string[] = [];
    const lines = [
      '{"id":"1","label":"x","__proto__":{"polluted":1},"properties":{"__proto__":["polluted"],"constructor":["c"]}}',
      '{"id":"2","label":"x","properties":{"hasOwnProperty":["h"]}}',
    ];
    const reads = await all(
      readEntities(chunks(lines.join("\n")), { onWarning: (warning) => warnings.push(warning) }),
    );
    expect(reads[0]).toMatchObject({ value: { id: "1", properties: { constructor: ["c"] } } });
    expect(reads[1]).toMatchObject({ value: { id: "2", properties: { hasOwnProperty: ["h"] } } });
    const { value } = reads[0] as { value: { properties: object } };
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(value.properties)).toBe(Object.prototype);
    expect("polluted" in {}).toBe(false);
    expect(warnings).toHaveLength(2);
  });
});

it("rejectLine writes line, id, code and error", async () => {
  const [read] = await all(readCaptions(chunks('\n\n{"id":"7","text":5}')));
  const line = read?.kind === "rejected" ? rejectLine(read) : "";
  expect(line.endsWith("\n")).toBe(true);
  expect(JSON.parse(line)).toEqual({
    line: 3,
    id: "7",
    code: "CAPTION_INVALID",
    error: "text: expected string, received number, standard input, line 3",
  });
});
