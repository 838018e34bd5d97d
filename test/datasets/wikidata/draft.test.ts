import { describe, expect, it } from "vitest";
import { draftOf, resolveDraft } from "../../../src/datasets/wikidata/draft.js";
import { PAPER_PROPERTIES } from "../../../src/datasets/wikidata/settings.js";

import { timeText } from "../../../src/datasets/wikidata/statements.js";
import { entitySchema, entityToWire } from "../../../src/formats/index.js";
import { yearOf } from "../../../src/models/lexical/entity-profile.js";
import {
  CONDON,
  type ItemParts,
  item,
  JULIAN,
  noValue,
  someValue,
  statement,
  stringValue,
  textValue,
  timeValue,
  to,
} from "./documents.js";

const settings = { languages: ["en"], instanceOf: [], properties: PAPER_PROPERTIES };

function entityOf(document: Record<string, unknown>, changed: Partial<typeof settings> = {}) {
  const draft = draftOf(String(document.id), document, { ...settings, ...changed });
  return draft === undefined ? undefined : resolveDraft(draft, (number) => `item ${number}`);
}

const propertiesOf = (claims: NonNullable<ItemParts["claims"]>, changed: Partial<typeof settings> = {}) =>
  entityOf(item("Q1", { labels: { en: "A" }, claims }), changed)?.properties;

describe("draftOf and resolveDraft", () => {
  it("make an entity with the properties of the paper", () => {
    const entity = entityOf(CONDON)!;
    expect(entityToWire(entity)).toEqual({
      id: "Q1441444",
      label: "Francis Condon",
      aliases: ["Francis B. Condon", "Frank"],
      description: "American politician",
      properties: {
        nickname: ["Frank"],
        sex: ["item 6581097"],
        birth: ["1891-11-11, item 755545"],
        occupation: ["item 82955", "item 40348"],
      },
      images: ["https://commons.wikimedia.org/wiki/Special:FilePath/Francis%20Condon.jpg"],
      popularity: 3,
      url: "https://www.wikidata.org/wiki/Q1441444",
    });
    expect(entitySchema.parse(entityToWire(entity))).toEqual(entityToWire(entity));
  });

  it("keep the descriptions in the other chosen languages as properties", () => {
    const document = item("Q1", {
      labels: { en: "Ida Holm", de: "Ida Holm" },
      descriptions: { en: "Norwegian painter", de: "norwegische Malerin", fr: "peintre" },
    });
    expect(entityOf(document, { languages: ["en", "de"] })).toMatchObject({
      description: "Norwegian painter",
      properties: { "description.de": ["norwegische Malerin"] },
    });
    expect(entityOf(document)!.properties).toEqual({});
  });

  it("use preferred values, otherwise normal ones, and never deprecated, unknown or missing values", () => {
    expect(propertiesOf({ P106: [to("Q1"), to("Q2", "preferred"), to("Q3", "deprecated")] })).toEqual({
      occupation: ["item 2"],
    });
    expect(propertiesOf({ P106: [to("Q3", "deprecated"), to("Q1"), to("Q2"), someValue()] })).toEqual({
      occupation: ["item 1", "item 2"],
    });
    expect(propertiesOf({ P106: [noValue("preferred"), to("Q1")], P26: [someValue()] })).toEqual({});
  });

  it("join the most precise date and the first place, or the one that exists", () => {
    const [year, day] = [timeValue("+1891-00-00T00:00:00Z", 9), timeValue("+1891-02-03T00:00:00Z", 11)];
    expect(propertiesOf({ P569: [statement(year)], P19: [to("Q7"), to("Q8")] })).toEqual({
      birth: ["1891, item 7"],
    });
    expect(propertiesOf({ P569: [statement(year), statement(day)], P20: [to("Q9")] })).toEqual({
      birth: ["1891-02-03"],
      death: ["item 9"],
    });
  });

  it("drop references without a label, and values that become empty", () => {
    const claims = {
      P569: [statement(timeValue("+1891-00-00T00:00:00Z", 9))],
      P19: [to("Q7")],
      P106: [to("Q8")],
    };
    const draft = draftOf("Q1", item("Q1", { labels: { en: "A" }, claims }), settings)!;
    const missing: number[] = [];
    const { properties } = resolveDraft(
      draft,
      () => undefined,
      (number) => missing.push(number),
    );
    expect(properties).toEqual({ birth: ["1891"] });
    expect(missing).toEqual([7, 8]);
  });

  it("choose the label by language, then its regional variants, then mul, then English", () => {
    const label = (labels: Record<string, string>, languages: string[]) =>
      entityOf(item("Q1", { labels }), { languages })?.label;
    expect(label({ en: "E", de: "D", mul: "M" }, ["de", "en"])).toBe("D");
    expect(label({ en: "E", "de-at": "A", "de-ch": "C" }, ["de"])).toBe("A");
    expect(label({ en: "E", mul: "M", den: "other" }, ["de"])).toBe("M");
    expect(label({ en: "E" }, ["de"])).toBe("E");
    expect(label({ fr: "F" }, ["de"])).toBeUndefined();
  });

  it("collect the labels and aliases of all chosen languages as aliases, without duplicates", () => {
    const entity = entityOf(
      item("Q1", {
        labels: { en: "A", de: "B", mul: "A", fr: "X" },
        aliases: { de: ["C", "A"], en: ["D", "C"], mul: ["E"], fr: ["Y"], "en-gb": ["F"] },
      }),
      { languages: ["de", "en"] },
    );
    expect(entity).toMatchObject({ label: "B", aliases: ["A", "C", "D", "F", "E"] });
  });

  it("prefer texts in the chosen languages and use all texts if there are none", () => {
    const claims = { P1449: [statement(textValue("O Rei", "pt")), statement(textValue("The King", "en"))] };
    expect(propertiesOf(claims)).toEqual({ nickname: ["The King"] });
    expect(propertiesOf(claims, { languages: ["de"] })).toEqual({ nickname: ["O Rei", "The King"] });
  });

  it("apply any property map, also with several properties per name", () => {
    const properties = {
      P571: "founded",
      P1082: "population",
      P625: "place",
      P856: "site",
      P9: "x",
      P8: "x",
    };
    const quantity = { value: { amount: "+42", unit: "1" }, type: "quantity" };
    const point = { value: { latitude: 41.9, longitude: -71.4, precision: 0.1 }, type: "globecoordinate" };
    const claims = {
      P571: [statement(timeValue("+1750-01-01T00:00:00Z", 8))],
      P1082: [statement(quantity)],
      P625: [statement(point)],
      P856: [statement(stringValue("https://a.example/"))],
      P8: [to("Q8")],
      P9: [to("Q9")],
    };
    expect(propertiesOf(claims, { properties })).toEqual({
      founded: ["1750s"],
      population: ["42"],
      place: ["41.9, -71.4"],
      site: ["https://a.example/"],
      x: ["item 9", "item 8"],
    });
  });

  it("remove control characters, lone surrogates and overlong names", () => {
    const entity = entityOf(
      item("Q1", {
        labels: { en: "A\u0000B\ud800\n" },
        aliases: { en: ["\u0000", "x".repeat(1001), "C\tD"] },
        claims: { P1449: [statement(textValue("E\u0000F", "en"))] },
      }),
    )!;
    expect(entity).toMatchObject({
      label: "A B",
      aliases: ["C D", "E F"],
      properties: { nickname: ["E F"] },
    });
    expect(entitySchema.safeParse(entityToWire(entity)).success).toBe(true);
  });

  it("accept any malformed structure", () => {
    const broken: unknown[] = [
      null,
      7,
      "x",
      [],
      [null],
      { en: null },
      { P106: 7 },
      { P106: [null, {}, { mainsnak: [] }] },
    ];
    for (const key of ["labels", "descriptions", "aliases", "claims", "sitelinks"]) {
      for (const value of broken) {
        const document = { ...item("Q1", { labels: { en: "A" } }), [key]: value };
        const entity = entityOf(document);
        if (key !== "labels") expect(entity).toMatchObject({ label: "A" });
        if (entity !== undefined) expect(entitySchema.safeParse(entityToWire(entity)).success).toBe(true);
      }
    }
  });
});

describe("timeText", () => {
  it.each([
    ["+1891-05-03T00:00:00Z", 11, "1891-05-03", 1891],
    ["+1891-05-03T00:00:00Z", 14, "1891-05-03", 1891],
    ["+1891-05-00T00:00:00Z", 10, "1891-05", 1891],
    ["+1891-00-00T00:00:00Z", 11, "1891", 1891],
    ["+1891-05-00T00:00:00Z", 11, "1891-05", 1891],
    ["+1891-00-00T00:00:00Z", 9, "1891", 1891],
    ["+1895-00-00T00:00:00Z", 8, "1890s", 1890],
    ["+1900-01-01T00:00:00Z", 7, "19th century", undefined],
    ["+1901-01-01T00:00:00Z", 7, "20th century", undefined],
    ["+1101-00-00T00:00:00Z", 7, "12th century", undefined],
    ["+2001-00-00T00:00:00Z", 7, "21st century", undefined],
    ["+1500-00-00T00:00:00Z", 6, "2nd millennium", undefined],
    ["+0742-04-02T00:00:00Z", 11, "0742-04-02", 742],
    ["+0742-00-00T00:00:00Z", 9, "742", 742],
    ["+0014-00-00T00:00:00Z", 9, "0014", 14],
    ["-0044-03-15T00:00:00Z", 11, "44 BC-03-15", -44],
    ["-0044-03-00T00:00:00Z", 10, "44 BC-03", -44],
    ["-0427-00-00T00:00:00Z", 9, "427 BC", -427],
    ["-0045-00-00T00:00:00Z", 8, "40s BC", undefined],
    ["-0045-00-00T00:00:00Z", 7, "1st century BC", undefined],
    ["-13798000000-00-00T00:00:00Z", 3, "13798000000 BC", undefined],
  ])("formats %s with precision %i as %s", (time, precision, text, year) => {
    const written = timeText(timeValue(time, precision).value);
    expect(written).toBe(text);
    if (year !== undefined) expect(yearOf(written!)).toBe(year); // as the lexical model parses it
  });

  it("marks days and months of the Julian calendar", () => {
    const julian = (precision: number) =>
      timeText(timeValue("+1564-04-26T00:00:00Z", precision, JULIAN).value);
    expect([11, 10, 9, 7].map(julian)).toEqual([
      "1564-04-26 (Julian)",
      "1564-04 (Julian)",
      "1564",
      "16th century",
    ]);
  });

  it("returns undefined for other values", () => {
    for (const value of [
      undefined,
      null,
      "1891",
      {},
      { time: "1891" },
      { time: "+1891-01-01T00:00:00Z" },
      { time: 7, precision: 9 },
    ])
      expect(timeText(value)).toBeUndefined();
  });
});
