/*
 * Generates a synthetic dump in the format of Wikidata: https://doc.wikimedia.org/Wikibase/master/php/docs_topics_json.html.
 * Each entity takes about ten kilobytes, mostly statements with references. The JSON is escaped in the same way as PHP's output.
 */
import { createRandom, type Random } from "../src/core/index.js";

const LANGUAGES = "en de fr es it nl pt sv pl ru ja zh ar uk ca fi cs hu tr ko mul en-gb de-at".split(" ");
const FIRST =
  "Anna Jean María José Ivan Émile Zoë Łukasz John Mary Peter Søren Yuki Fatima Chidi Ngozi Olga".split(" ");
const LAST =
  "Müller Smith García Novák Ibrahim Tanaka Okafor Rossi Jansen O’Neill Öztürk Çelik Petrov Lindqvist".split(
    " ",
  );
const OCCUPATIONS = 200;
const PLACES = 2_000;
/** Item number of the first person. The items that people refer to have smaller numbers. */
export const FIRST_PERSON = 100_000;
const FIRST_PLACE = 10_000;
const SHARED: ReadonlyMap<number, string> = new Map([
  [6581097, "male"],
  [6581072, "female"],
  [5, "human"],
]);

/** Yields the lines of a dump, with its brackets and line feeds. The dump has `items` entities; half of them are people. */
export function* dumpLines(items: number, seed: number | string = 1): Generator<string> {
  yield "[\n";
  let at = 0;
  for (const entity of dumpEntities(items, seed)) yield `${phpJson(entity)}${++at < items ? "," : ""}\n`;
  yield "]\n";
}

/**
 * Yields the entities of a dump. Every second entity is a person. The entities between them are first the items that people
 * refer to, then other items.
 */
export function* dumpEntities(items: number, seed: number | string = 1): Generator<object> {
  const random = createRandom(seed);
  const things = [
    ...SHARED.keys(),
    ...Array.from({ length: OCCUPATIONS }, (_, at) => at + 1_000),
    ...Array.from({ length: PLACES }, (_, at) => at + FIRST_PLACE),
  ].reverse();
  let further = 5_000_000;
  for (let at = 0; at < items; at++) {
    if (at % 2 === 1) yield person(FIRST_PERSON + at, items, random);
    else yield thing(things.pop() ?? further++, random);
  }
}

/** Serialises a value in the same way as PHP's json_encode, which escapes slashes and all characters outside ASCII. */
export function phpJson(value: object): string {
  return JSON.stringify(value)
    .replaceAll("/", "\\/")
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

const pick = <T>(random: Random, values: readonly T[]): T =>
  values[Math.floor(random.next() * values.length)]!;
const whole = (random: Random, below: number): number => Math.floor(random.next() * below);

function person(number: number, items: number, random: Random): object {
  const name = `${pick(random, FIRST)} ${pick(random, LAST)} ${number}`;
  const born = 1500 + whole(random, 500);
  const spouse = FIRST_PERSON + 2 * whole(random, items / 2) + 1;
  return {
    type: "item",
    id: `Q${number}`,
    labels: terms(LANGUAGES, () => name),
    descriptions: terms(LANGUAGES.slice(0, 14), (language) => `person born in ${born} (${language})`),
    aliases: Object.fromEntries(
      ["en", "de", "ru"].map((language) => [
        language,
        [{ language, value: `${name.slice(0, 1)}. ${pick(random, LAST)} ${number} ${language}` }],
      ]),
    ),
    claims: claims(number, random, [
      ["P31", item(5)],
      ["P21", item(random.next() < 0.5 ? 6581097 : 6581072)],
      ["P569", time(`+${born}-0${1 + whole(random, 9)}-1${whole(random, 9)}T00:00:00Z`, 11)],
      ["P19", item(FIRST_PLACE + whole(random, PLACES))],
      ["P570", time(`+${born + 70}-00-00T00:00:00Z`, 9)],
      ["P20", item(FIRST_PLACE + whole(random, PLACES))],
      ["P106", item(1_000 + whole(random, OCCUPATIONS))],
      ["P106", item(1_000 + whole(random, OCCUPATIONS))],
      ["P26", item(spouse)],
      ["P18", { type: "string", value: `${name}.jpg` }, "commonsMedia"],
      [
        "P1449",
        { type: "monolingualtext", value: { text: `The ${number}`, language: "en" } },
        "monolingualtext",
      ],
      ["P214", { type: "string", value: String(number) }, "external-id"],
      ["P227", { type: "string", value: String(number) }, "external-id"],
    ]),
    sitelinks: sitelinks(whole(random, 12), name),
    lastrevid: 2_000_000_000 + number,
  };
}

function thing(number: number, random: Random): object {
  const name = SHARED.get(number) ?? `${number < FIRST_PLACE ? "occupation" : "Place"} ${number}`;
  return {
    type: "item",
    id: `Q${number}`,
    labels: terms(LANGUAGES, (language) => (language === "en" ? name : `${name} ${language}`)),
    descriptions: terms(LANGUAGES.slice(0, 10), (language) => `something (${language})`),
    aliases: [],
    claims: claims(number, random, [
      ["P31", item(number < FIRST_PLACE ? 28640 : 515)],
      ["P17", item(FIRST_PLACE + whole(random, PLACES))],
      ...Array.from({ length: 8 }, (): Statement => ["P1082", quantity(whole(random, 1e6)), "quantity"]),
      ["P373", { type: "string", value: name }, "string"],
    ]),
    sitelinks: sitelinks(whole(random, 20), name),
    lastrevid: 2_000_000_000 + number,
  };
}

type Statement = readonly [property: string, value: object, datatype?: string];

function claims(number: number, random: Random, statements: readonly Statement[]): object {
  const grouped: Record<string, object[]> = {};
  for (const [property, datavalue, datatype = "wikibase-item"] of statements) {
    grouped[property] ??= [];
    grouped[property].push({
      mainsnak: { snaktype: "value", property, hash: hash(random), datavalue, datatype },
      type: "statement",
      id: `Q${number}$${hash(random).slice(0, 36).toUpperCase()}`,
      rank: "normal",
      references: [
        {
          hash: hash(random),
          snaks: {
            P248: [snak("P248", item(36578), random)],
            P813: [snak("P813", time("+2020-01-02T00:00:00Z", 11), random)],
          },
          "snaks-order": ["P248", "P813"],
        },
      ],
    });
  }
  return grouped;
}

const snak = (property: string, datavalue: object, random: Random): object => ({
  snaktype: "value",
  property,
  hash: hash(random),
  datavalue,
});

export const item = (number: number): object => ({
  value: { "entity-type": "item", "numeric-id": number, id: `Q${number}` },
  type: "wikibase-entityid",
});

export const time = (text: string, precision: number, calendar = "Q1985727"): object => ({
  value: {
    time: text,
    timezone: 0,
    before: 0,
    after: 0,
    precision,
    calendarmodel: `http://www.wikidata.org/entity/${calendar}`,
  },
  type: "time",
});

const quantity = (amount: number): object => ({
  value: { amount: `+${amount}`, unit: "1" },
  type: "quantity",
});

const terms = (languages: readonly string[], text: (language: string) => string): object =>
  Object.fromEntries(languages.map((language) => [language, { language, value: text(language) }]));

function sitelinks(count: number, title: string): object {
  if (count === 0) return [];
  const sites = Array.from({ length: count }, (_, at) => `${"abcdefghijklmnopqrstuvwxyz"[at]}wiki`);
  return Object.fromEntries(sites.map((site) => [site, { site, title, badges: [] }]));
}

function hash(random: Random): string {
  let text = "";
  while (text.length < 40)
    text += whole(random, 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  return text;
}
