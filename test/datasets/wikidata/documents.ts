/*
 * Short handwritten entities in the format of https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html.
 */
type Json = Record<string, unknown>;

export interface ItemParts {
  readonly labels?: Readonly<Record<string, string>>;
  readonly descriptions?: Readonly<Record<string, string>>;
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
  /** Statements by property. */
  readonly claims?: Readonly<Record<string, readonly Json[]>>;
  readonly sitelinks?: readonly string[];
}

/** An item in the format of a dump; empty maps are `[]`, as PHP writes them. */
export function item(id: string, parts: ItemParts = {}): Json {
  const { labels = {}, descriptions = {}, aliases = {}, claims = {}, sitelinks = [] } = parts;
  return {
    type: "item",
    id,
    labels: phpMap(mapped(labels, (value, language) => ({ language, value }))),
    descriptions: phpMap(mapped(descriptions, (value, language) => ({ language, value }))),
    aliases: phpMap(mapped(aliases, (values, language) => values.map((value) => ({ language, value })))),
    claims: phpMap(
      mapped(claims, (statements, property) =>
        statements.map((record) => withProperty(record, property, id)),
      ),
    ),
    sitelinks: phpMap(Object.fromEntries(sitelinks.map((site) => [site, { site, title: "T", badges: [] }]))),
    lastrevid: 1_234_567,
  };
}

const mapped = <T, U>(record: Readonly<Record<string, T>>, each: (value: T, key: string) => U) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, each(value, key)]));

const phpMap = (map: Json): Json | [] => (Object.keys(map).length === 0 ? [] : map);

function withProperty(statement: Json, property: string, id: string): Json {
  const { mainsnak, ...rest } = statement;
  return { mainsnak: { property, ...(mainsnak as Json) }, type: "statement", id: `${id}$F078E5B3`, ...rest };
}

export type Rank = "preferred" | "normal" | "deprecated";

/** A statement with this value, and with a qualifier and a reference that readers must ignore. */
export function statement(datavalue: Json, rank: Rank = "normal"): Json {
  return {
    mainsnak: { snaktype: "value", hash: "b44ad788a05b4c1b2915ce0292541c6bdb27d43a", datavalue },
    rank,
    qualifiers: {
      P580: [{ snaktype: "value", property: "P580", datavalue: timeValue("+1999-01-01T00:00:00Z", 11) }],
    },
    "qualifiers-order": ["P580"],
    references: [
      {
        hash: "a4d1",
        snaks: { P248: [{ snaktype: "value", property: "P248", datavalue: itemValue("Q36578") }] },
      },
    ],
  };
}

export const noValue = (rank: Rank = "normal"): Json => ({ mainsnak: { snaktype: "novalue" }, rank });
export const someValue = (rank: Rank = "normal"): Json => ({ mainsnak: { snaktype: "somevalue" }, rank });

export const itemValue = (id: string): Json => ({
  value: { "entity-type": "item", "numeric-id": Number(id.slice(1)), id },
  type: "wikibase-entityid",
});
export const stringValue = (value: string): Json => ({ value, type: "string" });
export const textValue = (text: string, language: string): Json => ({
  value: { text, language },
  type: "monolingualtext",
});
export const GREGORIAN = "http://www.wikidata.org/entity/Q1985727";
export const JULIAN = "http://www.wikidata.org/entity/Q1985786";
export const timeValue = (time: string, precision: number, calendarmodel = GREGORIAN): Json => ({
  value: { time, timezone: 0, before: 0, after: 0, precision, calendarmodel },
  type: "time",
});

export const to = (id: string, rank?: Rank): Json => statement(itemValue(id), rank);

/** A person with properties that the paper uses. */
export const CONDON = item("Q1441444", {
  labels: { en: "Francis Condon", de: "Francis Bernard Condon" },
  descriptions: { en: "American politician" },
  aliases: { en: ["Francis B. Condon"], fr: ["F. Condon"] },
  claims: {
    P31: [to("Q5")],
    P21: [to("Q6581097")],
    P569: [
      statement(timeValue("+1891-00-00T00:00:00Z", 9)),
      statement(timeValue("+1891-11-11T00:00:00Z", 11)),
    ],
    P19: [to("Q755545")],
    P106: [to("Q82955"), to("Q40348")],
    P26: [noValue()],
    P18: [statement(stringValue("Francis Condon.jpg"))],
    P1449: [statement(textValue("Frank", "en"))],
  },
  sitelinks: ["dewiki", "enwiki", "commonswiki"],
});

/** The items that `CONDON` refers to. */
export const THINGS = [
  item("Q5", { labels: { en: "human", de: "Mensch" } }),
  item("Q6581097", { labels: { en: "male", de: "männlich" } }),
  item("Q755545", { labels: { en: "Central Falls" } }),
  item("Q82955", { labels: { en: "politician", de: "Politiker" } }),
  item("Q40348", { labels: { mul: "lawyer" } }),
];

/** A dump of these entities; strings become lines unchanged. */
export function dump(entities: readonly (Json | string)[]): string {
  const lines = entities.map((record) => (typeof record === "string" ? record : JSON.stringify(record)));
  return `[\n${lines.join(",\n")}\n]\n`;
}
