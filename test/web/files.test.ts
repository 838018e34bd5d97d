import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { captionToWire, readCaptions } from "../../src/formats/index.js";
import { exportCaptions, joinLinks, readFile, withAllDecided } from "../../web/src/files/index.js";
import type { Item } from "../../web/src/review/index.js";
import { scratch, writeRecords } from "../cli/harness.js";
import { captionArbitrary, captionsArbitrary } from "../formats/arbitraries.js";
import { answerTo, item } from "./states.js";

const path = scratch();

const fileOf = (records: readonly unknown[]): string =>
  records.map((one) => `${JSON.stringify(one)}\n`).join("");

const itemsOf = (content: string): readonly Item[] => readFile("x.jsonl", content).items;

describe("exportCaptions", () => {
  it("round-trips through readFile", () => {
    fc.assert(
      fc.property(captionsArbitrary, (captions) => {
        const items = itemsOf(fileOf(captions.map((caption) => captionToWire(caption))));
        expect(items).toHaveLength(captions.length);
        expect(itemsOf(exportCaptions(items))).toEqual(items);
      }),
    );
  });

  it("keeps every field of a caption and every mention, in text order", () => {
    fc.assert(
      fc.property(captionArbitrary, (caption) => {
        const wire = captionToWire(caption);
        const [out] = exportCaptions(itemsOf(fileOf([wire]))).split("\n");
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
    const read = [];
    for await (const one of readCaptions(file)) read.push(one);
    expect(read).toMatchObject([
      { kind: "record", value: { mentions: [{ gold: { id: "mj" } }, { gold: { kind: "nil" } }, {}] } },
    ]);
  });

  it("selects the captions with every name decided", () => {
    const open = item("1", "Jordan", "Jordan");
    const done: Item = { ...open, id: "2", marks: [{ ...open.marks[0]!, gold: { kind: "nil" } }] };
    expect(withAllDecided([open, done, { ...open, id: "3", marks: [] }])).toEqual([done]);
  });
});

describe("readFile", () => {
  it("reports each invalid line and reads the others", () => {
    const { items, bad } = readFile(
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

  it("joins links to their captions, even if only the links have the names", () => {
    const whole = item("1", "Jordan and Pippen", "Jordan", "Pippen");
    const bare = { ...whole, marks: [] };
    const { links } = readFile("l.jsonl", fileOf([answerTo(whole), answerTo({ ...whole, id: "2" })]));
    const joined = joinLinks([bare], links);
    expect(joined.items).toEqual([whole]);
    expect(joined.linkings.get("1")).toMatchObject({ status: "done" });
    expect(joined.orphans.map(({ id }) => id)).toEqual(["2"]);
  });

  it("reads links with the text of their caption as links", () => {
    const whole = item("1", "Jordan", "Jordan");
    const { links, items, bad } = readFile("l.jsonl", fileOf([{ ...answerTo(whole), text: "Jordan" }]));
    expect([links.length, items.length, bad.length]).toEqual([1, 0, 0]);
  });

  it("does not join links to a caption with another text", () => {
    const joined = joinLinks([item("1", "Something else")], [answerTo(item("1", "Jordan", "Jordan"))]);
    expect(joined.items[0]!.marks).toEqual([]);
    expect(joined.linkings.size).toBe(0);
  });
});
