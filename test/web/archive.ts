/** An archive's own tables for the tests of the page: a catalogue of 40 people and 25 captions. */

const GIVEN = ["Anna", "Jörg", "Karl", "Paula", "Resi", "Emil", "Ida", "Max"];
const FAMILY = ["Brandl", "Falk", "Gruber", "Lindner", "Müller"];
const TRADES = ["painter", "brewer", "mayor", "weaver", "photographer"];

export const HEADER = "Inventory no;Name;Born;Died;Profession;Also known as";

/** Name of the person with this number. */
const nameOf = (number: number): string =>
  `${GIVEN[number % GIVEN.length]} ${FAMILY[number % FAMILY.length]}`;

const person = (number: number): string => {
  const [given, family] = nameOf(number).split(" ");
  const born = `${10 + (number % 18)}.03.${1840 + number}`;
  return [
    String(number + 1).padStart(4, "0"),
    nameOf(number),
    born,
    1910 + number,
    TRADES[number % TRADES.length],
    `${given![0]}. ${family}|${family}-${given}`,
  ].join(";");
};

const latin1 = (lines: readonly string[]): Buffer => Buffer.from(`${lines.join("\r\n")}\r\n`, "latin1");

/** A catalogue as German Excel saves CSV: semicolons and Windows-1252. */
export const CATALOGUE = {
  name: "town_people.csv",
  mimeType: "text/csv",
  buffer: latin1([HEADER, ...Array.from({ length: 40 }, (_, number) => person(number))]),
};

/** A newer version of the catalogue, with one person more. */
export const NEWER_CATALOGUE = {
  ...CATALOGUE,
  buffer: Buffer.concat([CATALOGUE.buffer, latin1(["0041;Theresia Moser;1901;1980;midwife;Resl Moser"])]),
};

/** Captions of two people each. */
export const CAPTIONS = {
  name: "captions.csv",
  mimeType: "text/csv",
  buffer: Buffer.from(
    [
      "No;Caption",
      ...Array.from(
        { length: 25 },
        (_, at) => `p${at + 1};${nameOf(at)} with ${nameOf(at + 7)} at the fair of ${1900 + at}.`,
      ),
    ].join("\n"),
  ),
};

/** Entities as JSON Lines, enough for an import that takes a moment. */
export const manyEntities = (count: number) => ({
  name: "many.jsonl",
  mimeType: "application/x-ndjson",
  buffer: Buffer.from(
    Array.from({ length: count }, (_, at) => `{"id":"e${at}","label":"Person ${at}"}\n`).join(""),
  ),
});
