import { describe, expect, it } from "vitest";
import { dumpEntities, phpJson } from "../../../bench/wikidata-dump.js";
import type { Draft } from "../../../src/datasets/wikidata/draft.js";
import { addId } from "../../../src/datasets/wikidata/id-set.js";
import {
  isUnwanted,
  needlesOf,
  quickLabel,
  quickNumber,
} from "../../../src/datasets/wikidata/quick-filter.js";
import { scanLines } from "../../../src/datasets/wikidata/scan.js";
import type { WikidataSettings } from "../../../src/datasets/wikidata/settings.js";
import { PAPER_PROPERTIES } from "../../../src/datasets/wikidata/settings.js";
import { CONDON, dump, item, statement, THINGS, to } from "./documents.js";

const settings = { languages: ["en"], instanceOf: [], properties: PAPER_PROPERTIES };
const PEOPLE = { ...settings, instanceOf: ["Q5"] };

function scan(text: string | Uint8Array, wanted: WikidataSettings = settings, limit?: number) {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  const { drafts, labels, redirects, ...rest } = scanLines({ bytes, line: 1 }, wanted, limit);
  const lines = (part: string): string[] => part.split("\n").filter(Boolean);
  const parsed = lines(drafts).map((line) => JSON.parse(line) as [number, Draft]);
  return {
    ...rest,
    ids: parsed.map(([line, { id }]) => `${line}:${id}`),
    drafts: parsed,
    labels: lines(labels),
    redirects: lines(redirects),
  };
}

function idSet(...numbers: number[]) {
  const set = new Map<number, Uint32Array>();
  for (const number of numbers) addId(set, number);
  return set;
}

describe("scanLines", () => {
  it("reads entities with or without an array, commas, blanks and carriage returns", () => {
    const [a, b] = [item("Q1", { labels: { en: "A" } }), item("Q2", { labels: { en: "B" } })].map((record) =>
      JSON.stringify(record),
    );
    const opened = { opened: true, closed: true, bad: [] };
    expect(scan(`[\n${a},\n${b}\n]\n`)).toMatchObject({ ids: ["2:Q1", "3:Q2"], ...opened });
    expect(scan(`[\r\n${a},\r\n${b}\r\n]`)).toMatchObject({ ids: ["2:Q1", "3:Q2"], ...opened });
    expect(scan(`[${a},\n${b}]\n`)).toMatchObject({ ids: ["1:Q1", "2:Q2"], ...opened });
    expect(scan(`[${a},${b}]\n`)).toMatchObject({ ids: ["1:Q1", "1:Q2"], ...opened });
    expect(scan(`\n ${a} \n\n${b}`)).toMatchObject({ ids: ["2:Q1", "4:Q2"], opened: false, closed: false });
  });

  it("returns the label of each item and only the entities that pass the filter", () => {
    const text = dump([...THINGS, CONDON, { type: "property", id: "P31", labels: {}, claims: {} }]);
    const labels = [
      "5\thuman",
      "6581097\tmale",
      "755545\tCentral Falls",
      "82955\tpolitician",
      "40348\tlawyer",
    ];
    expect(scan(text, PEOPLE)).toMatchObject({
      ids: ["7:Q1441444"],
      labels: [...labels, "1441444\tFrancis Condon"],
    });
    expect(scan(text).ids).toHaveLength(6);
    expect(scan(text, { ...settings, ids: idSet(5, 40348, 99) }).ids).toEqual(["2:Q5", "6:Q40348"]);
    expect(scan(text, { ...PEOPLE, ids: idSet(5) }).ids).toEqual(["2:Q5", "7:Q1441444"]);
  });

  it("selects instances only by instance-of statements that are not deprecated", () => {
    const claimed = (claims: Record<string, Record<string, unknown>[]>) =>
      scan(JSON.stringify(item("Q1", { labels: { en: "A" }, claims })), PEOPLE).ids;
    expect(claimed({ P31: [to("Q5")] })).toHaveLength(1);
    expect(claimed({ P31: [to("Q6", "preferred"), to("Q5")] })).toHaveLength(1);
    expect(claimed({ P31: [to("Q5", "deprecated")] })).toHaveLength(0);
    expect(claimed({ P279: [to("Q5")] })).toHaveLength(0);
    const old = { value: { "entity-type": "item", "numeric-id": 5 }, type: "wikibase-entityid" };
    expect(claimed({ P31: [statement(old)] })).toHaveLength(1);
  });

  it("rejects only the bad lines, with reason and line number", () => {
    const good = JSON.stringify(item("Q1", { labels: { en: "A" } }));
    const cut = JSON.stringify(CONDON).slice(0, 300);
    const text = Buffer.concat([
      Buffer.from(`[\n${good},\n${cut},\n{"type":"item"},\n{"type":"item","id":"Q01"},\n7,\nnull,\n`),
      Buffer.from([0x7b, 0xff, 0x7d, 0x2c, 0x0a]),
      Buffer.from(`{"id":"Q4","labels":{"en":{"value":"\0"}}},\n${good.replace("Q1", "Q3")}\n]`),
    ]);
    for (const wanted of [settings, { ...PEOPLE, ids: idSet(1, 3) }]) {
      const { ids, bad } = scan(text, wanted);
      expect(ids).toEqual(["2:Q1", "10:Q3"]);
      expect(bad.map(({ line, code, id }) => [line, code, id])).toEqual([
        [3, "FORMAT", "Q1441444"],
        [4, "ENTITY_INVALID", undefined],
        [5, "ENTITY_INVALID", "Q01"],
        [6, "ENTITY_INVALID", undefined],
        [7, "ENTITY_INVALID", undefined],
        [8, "ENCODING", undefined],
        [9, "FORMAT", "Q4"],
      ]);
    }
  });

  it("rejects an overlong line and reads the next one", () => {
    const [a, b] = ["A".repeat(500), "B"].map((label, index) =>
      item(`Q${index + 1}`, { labels: { en: label } }),
    );
    const { ids, bad } = scan(dump([a!, b!]), settings, 400);
    expect(ids).toEqual(["3:Q2"]);
    expect(bad).toMatchObject([{ line: 2, code: "LINE_TOO_LONG", id: "Q1" }]);
  });

  it("reads redirects, responses of the API and missing entities", () => {
    const answer = {
      entities: {
        Q1: item("Q2", { labels: { en: "B" } }),
        Q3: { id: "Q3", missing: "" },
        "-1": { missing: "" },
      },
      success: 1,
    };
    const text = `{"entity":"Q8","redirect":"Q2"}\n${JSON.stringify(answer)}\n`;
    const { ids, redirects, counts, bad } = scan(text, { ...settings, ids: idSet(1) });
    expect({ ids, redirects, bad }).toEqual({ ids: ["2:Q2"], redirects: ["8>2", "1>2"], bad: [] });
    expect(counts).toEqual({ taken: 1, nameless: 0, redirects: 2, missing: 2 });
  });

  it("counts items without a name in the chosen languages", () => {
    const { ids, counts } = scan(dump([item("Q1", { labels: { fr: "A" } }), item("Q2")]));
    expect({ ids, nameless: counts.nameless }).toEqual({ ids: [], nameless: 2 });
  });
});

describe("the quick filter", () => {
  /** The same lines with a blank after the brace, which disables the quick filter. */
  const slow = (text: string): string => text.replaceAll('{"type":"item"', '{ "type":"item"');

  it("gives the same result as parsing for JSON written by PHP and by JavaScript", () => {
    for (const write of [phpJson, JSON.stringify]) {
      const text = [...dumpEntities(300, "quick")].map((entity) => `${write(entity)},\n`).join("");
      for (const languages of [["en"], ["de", "en"], ["xx"], ["ru"]]) {
        const wanted = { ...PEOPLE, languages, ids: idSet(10_001) };
        const [quick, parsed] = [scan(text, wanted), scan(slow(text), wanted)];
        expect(quick.labels).toHaveLength(300);
        expect(quick).toEqual(parsed);
      }
    }
  });

  it("gives the same result as parsing for labels with quotes, escapes and text that looks like keys", () => {
    const labels = [
      'say "hello"',
      "back\\slash\\",
      '\\"',
      ',"descriptions":{}',
      '"en":{"language":"en","value":"x"',
      "Łódź 🙂",
      "\u0000",
      "",
      " x ",
    ];
    for (const label of labels) {
      for (const other of labels) {
        for (const write of [phpJson, JSON.stringify]) {
          const document = item("Q7", { labels: { de: other, en: label }, descriptions: { en: other } });
          const [quick, parsed] = [scan(write(document), PEOPLE), scan(slow(write(document)), PEOPLE)];
          expect(quick.labels).toEqual(parsed.labels);
        }
      }
    }
  });

  it("does not skip a line that may pass the filter", () => {
    const needles = needlesOf(["Q5"]);
    const unwanted = (text: string): boolean => isUnwanted(Buffer.from(text), needles);
    const line = (id: string): string =>
      `{"type":"item","id":"Q1","labels":{},"claims":{"P31":[{"id":"${id}"}]}}`;
    expect(unwanted(line("Q6"))).toBe(true);
    expect(unwanted(line("Q55"))).toBe(true);
    expect(unwanted(line("Caf\\u00e9"))).toBe(true);
    expect(unwanted(line("Q5"))).toBe(false);
    expect(unwanted(`${line("xQ5")}`)).toBe(true);
    expect(unwanted('{"numeric-id":5}')).toBe(false);
    expect(unwanted('{"numeric-id":55,"x":"\\"Q55\\""}')).toBe(true);
    expect(unwanted(line("Q\\u0035"))).toBe(false);
    expect(unwanted(line("\\u00e9\\u0051\\u0035"))).toBe(false);
  });

  it("finds the number only in lines that begin and end as in a dump", () => {
    const number = (text: string) => quickNumber(Buffer.from(text));
    expect(number('{"type":"item","id":"Q31","labels":{}}')).toBe(31);
    for (const text of [
      '{"type":"item","id":"Q31","labels":{',
      '{"type":"item","id":"Q","labels":{}}',
      '{"type":"item","id":"Q031","labels":{}}',
      '{"type":"item","id":"Q12345678901","labels":{}}',
      '{"type":"property","id":"P31","labels":{}}',
      '{"id":"Q31","type":"item"}',
      "}",
      "",
    ])
      expect(number(text)).toBeUndefined();
  });

  it("is unsure about labels in unusual positions", () => {
    const label = (text: string) => quickLabel(Buffer.from(text), ["en"], "utf8").kind;
    expect(label('{"type":"item","id":"Q1","labels":[],"descriptions":[]}')).toBe("sure");
    expect(label('{"type":"item","id":"Q1","labels":{}}')).toBe("unsure");
    expect(label('{"type":"item","id":"Q1","claims":{},"labels":{},"descriptions":{}}')).toBe("unsure");
    expect(label('{"type":"item","id":"Q1","labels":{"en":{"value":"x","descriptions":{}}')).toBe("unsure");
  });
});
