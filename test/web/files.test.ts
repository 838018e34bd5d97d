import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { captionToWire, readCaptions, readLinks } from "../../src/formats/index.js";
import {
  captionOf,
  decidedLinks,
  exportCaptions,
  joinLinks,
  linesOf,
  readRecords,
  reviewTable,
  tableToCsv,
  withAllDecided,
} from "../../web/src/files/index.js";
import type { Item } from "../../web/src/review/index.js";
import { scratch, writeRecords } from "../cli/harness.js";
import { captionArbitrary, captionsArbitrary } from "../formats/arbitraries.js";
import { answerTo, item } from "./states.js";

const path = scratch();

const fileOf = (records: readonly unknown[]): string =>
  records.map((one) => `${JSON.stringify(one)}\n`).join("");

const read = (name: string, content: string) => readRecords(name, linesOf(new Blob([content]).stream()));

const streamOf = (pieces: readonly Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array<ArrayBuffer>> =>
  new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });

const itemsOf = async (content: string): Promise<readonly Item[]> => (await read("x.jsonl", content)).items;

describe("exportCaptions", () => {
  it("round-trips through readRecords", async () => {
    await fc.assert(
      fc.asyncProperty(captionsArbitrary, async (captions) => {
        const items = await itemsOf(fileOf(captions.map((caption) => captionToWire(caption))));
        expect(items).toHaveLength(captions.length);
        expect(await itemsOf(exportCaptions(items))).toEqual(items);
      }),
    );
  });

  it("keeps every field of a caption and every mention, in text order", async () => {
    await fc.assert(
      fc.asyncProperty(captionArbitrary, async (caption) => {
        const wire = captionToWire(caption);
        const [out] = exportCaptions(await itemsOf(fileOf([wire]))).split("\n");
        const back = JSON.parse(out!);
        const sorted = (mentions: readonly unknown[]) =>
          mentions.map((one) => JSON.stringify(one, Object.keys(one as object).sort())).sort();
        expect({ ...back, mentions: sorted(back.mentions) }).toEqual({
          ...wire,
          mentions: sorted(wire.mentions!),
        });
      }),
    );
  });

  it("writes gold as the command reads it: an id, null for NIL, absent if undecided", async () => {
    const { marks, ...rest } = item("1", "Jordan, Pippen and Zoë 👍 Bell", "Jordan", "Pippen", "Zoë 👍 Bell");
    const reviewed: Item = {
      ...rest,
      marks: [
        { ...marks[0]!, gold: { kind: "entity", id: "mj", label: "Michael Jordan" } },
        { ...marks[1]!, gold: { kind: "nil" } },
        marks[2]!,
      ],
    };
    const line = exportCaptions([reviewed]);
    expect(JSON.parse(line)).toEqual({
      id: "1",
      text: "Jordan, Pippen and Zoë 👍 Bell",
      mentions: [
        { text: "Jordan", start: 0, end: 6, gold: "mj" },
        { text: "Pippen", start: 8, end: 14, gold: null },
        { text: "Zoë 👍 Bell", start: 19, end: 30 },
      ],
    });
    const file = await writeRecords(path("out.jsonl"), [line.trimEnd()]);
    const found = [];
    for await (const one of readCaptions(file)) found.push(one);
    expect(found).toMatchObject([
      { kind: "record", value: { mentions: [{ gold: { id: "mj" } }, { gold: { kind: "nil" } }, {}] } },
    ]);
  });

  it("keeps records of decisions and remarks when an exported file is opened again", async () => {
    const { marks, ...rest } = item("1", "Jordan and Pippen", "Jordan", "Pippen");
    const decision = {
      by: "J. D.",
      at: "2026-05-04T09:30:00.000Z",
      proposed: null,
      probability: 0.7,
      model: "m@1",
      kb: "k@1",
      together: true,
    };
    const reviewed: Item = {
      ...rest,
      note: { comment: "blurred" },
      marks: [
        { ...marks[0]!, gold: { kind: "nil" }, decision, note: { flagged: true, comment: "sure?" } },
        { ...marks[1]!, note: { flagged: true } },
      ],
    };
    const line = exportCaptions([reviewed]);
    expect(JSON.parse(line)).toMatchObject({
      mentions: [
        { gold: null, review: { ...decision, flagged: true, comment: "sure?" } },
        { review: { flagged: true } },
      ],
      review: { comment: "blurred" },
    });
    expect((await read("out.jsonl", line)).items).toEqual([reviewed]);
    expect(captionOf(reviewed)).toEqual(
      captionToWire({
        ...rest,
        mentions: [
          { text: "Jordan", span: { start: 0, end: 6 } },
          { text: "Pippen", span: { start: 11, end: 17 } },
        ],
      }),
    );
    const foreign = { id: "2", text: "Jordan", mentions: [{ text: "Jordan", review: "ok" }], review: 7 };
    expect(await read("in.jsonl", JSON.stringify(foreign))).toMatchObject({ bad: [], items: [{ id: "2" }] });
  });

  it("writes a table with one row a name, which no spreadsheet runs", () => {
    const one = item("1", '=Jordan, "Pippen"', "Jordan", "Pippen");
    const linkings = new Map([["1", { status: "done" as const, links: answerTo(one, 0.98765) }]]);
    const decided: Item = {
      ...one,
      marks: [{ ...one.marks[0]!, gold: { kind: "entity", id: "mj" } }, one.marks[1]!],
    };
    const { header, rows } = reviewTable([decided], linkings, () => "Michael Jordan");
    const [first] = rows.map((row) => Object.fromEntries(row.map((cell, at) => [header[at]!, cell])));
    expect(rows).toHaveLength(2);
    expect(first).toMatchObject({
      name: "Jordan",
      decision: "entity",
      "entity id": "mj",
      entity: "Michael Jordan",
      "suggested id": "Jordan-1",
      probability: 0.988,
    });
    const csv = tableToCsv({ header, rows });
    expect(csv.startsWith("\uFEFFcaption id,caption,")).toBe(true);
    expect(csv).toContain(`1,"'=Jordan, ""Pippen""",`);
  });

  it("divides the columns of CSV as asked, and writes numbers as Excel reads them where columns have semicolons", () => {
    const table = { header: ["a;b", "p"], rows: [["x,y", 0.5] as const, ["1.5", 1234.25] as const] };
    expect(tableToCsv(table)).toBe('\uFEFF"a;b",p\n"x,y",0.5\n1.5,1234.25\n');
    expect(tableToCsv(table, ";")).toBe('\uFEFF"a;b";p\n"x,y";"0,5"\n1.5;"1234,25"\n');
    expect(tableToCsv(table, "\t")).toBe('\uFEFF"a;b"\tp\n"x,y"\t0.5\n1.5\t1234.25\n');
  });

  it("writes the decisions as links, which `mmel dataset sidecar` reads", async () => {
    const one = item("1", "Jordan and Pippen", "Jordan", "Pippen");
    const decided: Item = {
      ...one,
      marks: [{ ...one.marks[0]!, gold: { kind: "entity", id: "mj" } }, one.marks[1]!],
    };
    const file = await writeRecords(
      path("links.jsonl"),
      decidedLinks([decided], new Map(), () => "Michael Jordan"),
    );
    const read = [];
    for await (const each of readLinks(file)) read.push(each);
    expect(read).toMatchObject([
      { kind: "record", value: { id: "1", mentions: [{ entity: { id: "mj", label: "Michael Jordan" } }] } },
    ]);
  });

  it("selects the captions with every name decided", () => {
    const open = item("1", "Jordan", "Jordan");
    const done: Item = { ...open, id: "2", marks: [{ ...open.marks[0]!, gold: { kind: "nil" } }] };
    expect(withAllDecided([open, done, { ...open, id: "3", marks: [] }])).toEqual([done]);
  });
});

describe("readRecords", () => {
  it("reports each invalid line and reads the others", async () => {
    const { items, bad } = await read(
      "c.jsonl",
      [
        '\uFEFF{"id":"1","text":"Jordan"}\r',
        "nonsense",
        "",
        '{"id":"2","text":"A Jordan","mentions":[{"text":"Jordan","start":1,"end":7}]}',
        '{"id":"3"}',
        '{"id":"4","text":"x","image":"../../etc/passwd"}',
        '{"id":"5","text":"fine"}',
      ].join("\n"),
    );
    expect(items.map(({ id }) => id)).toEqual(["1", "5"]);
    expect(bad.map(({ line }) => line)).toEqual([2, 4, 5, 6]);
    expect(bad[1]!.reason).toContain("Jordan");
    expect(bad[3]!.reason).toContain("images folder");
  });

  it("reads lines that arrive in any pieces", async () => {
    const text = fc.string({ unit: "binary" }).map((drawn) => drawn.replaceAll("\ufeff", ""));
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        async (texts, size) => {
          const bytes = new TextEncoder().encode(texts.join("\n"));
          const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
            bytes.slice(at * size, (at + 1) * size),
          );
          const lines = [];
          for await (const line of linesOf(streamOf(pieces))) lines.push(line);
          const expected = new TextDecoder().decode(bytes).split("\n");
          if (expected.at(-1) === "") expected.pop();
          expect(lines).toEqual(expected);
        },
      ),
    );
  });

  it("joins links to their captions, even if only the links have the names", async () => {
    const whole = item("1", "Jordan and Pippen", "Jordan", "Pippen");
    const bare = { ...whole, marks: [] };
    const { links } = await read("l.jsonl", fileOf([answerTo(whole), answerTo({ ...whole, id: "2" })]));
    const joined = joinLinks([bare], links);
    expect(joined.items).toEqual([whole]);
    expect(joined.linkings.get("1")).toMatchObject({ status: "done" });
    expect(joined.orphans.map(({ id }) => id)).toEqual(["2"]);
  });

  it("reads links with the text of their caption as links", async () => {
    const whole = item("1", "Jordan", "Jordan");
    const { links, items, bad } = await read("l.jsonl", fileOf([{ ...answerTo(whole), text: "Jordan" }]));
    expect([links.length, items.length, bad.length]).toEqual([1, 0, 0]);
  });

  it("does not join links to a caption with another text", () => {
    const joined = joinLinks([item("1", "Something else")], [answerTo(item("1", "Jordan", "Jordan"))]);
    expect(joined.items[0]!.marks).toEqual([]);
    expect(joined.linkings.size).toBe(0);
  });
});
