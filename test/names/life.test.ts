import { describe, expect, it } from "vitest";
import { wordsOf } from "../../src/names/fold.js";
import { compareYears, lifeIn, yearsOf } from "../../src/names/life.js";
import { isMonth } from "../../src/names/months.js";
import { rolesIn } from "../../src/names/role-words.js";
import { ROLES } from "../../src/names/roles.js";

describe("lifeIn", () => {
  it.each([
    ["Swiss painter, 1853–1943", { birth: [1853, 1853], death: [1943, 1943] }],
    ["Edith (1889-1915) at home", { birth: [1889, 1889], death: [1915, 1915] }],
    ["1728 or 32–1784", { birth: [1728, 1732], death: [1784, 1784] }],
    ["c.1815–62", { birth: [1810, 1820], death: [1857, 1867] }],
    ["Swiss, born 1967", { birth: [1967, 1967] }],
    ["born in Bern in 1905", { birth: [1905, 1905] }],
    ["geb. 1905, gest. 1950", { birth: [1905, 1905], death: [1950, 1950] }],
    ["* 1905 † 1950", { birth: [1905, 1905], death: [1950, 1950] }],
    ["née en 1905", { birth: [1905, 1905] }],
    ["род. 1905", { birth: [1905, 1905] }],
    ["died on the fourth of July 1826", { death: [1826, 1826] }],
    ["born in New York City on 12 May 1905", { birth: [1905, 1905] }],
    ["родился в Санкт-Петербурге 12 июля 1905", { birth: [1905, 1905] }],
    ["born in Paris, died 1950", { death: [1950, 1950] }],
    ["born star of the season, seen in Rome in May 1956", {}],
    ["aged 12 in 2011", { birth: [1998, 1999] }],
    ["im Alter von 12 Jahren, 2011", { birth: [1998, 1999] }],
    ["born in the 1890s", { birth: [1890, 1899] }],
    ["the season 1998–99", {}],
    ["the war of 1914–18", {}],
    ["Bern, 1905", {}],
    ["(12 March 1889 – 31 May 1915)", { birth: [1889, 1889], death: [1915, 1915] }],
    ["(12.3.1889–31.5.1915)", { birth: [1889, 1889], death: [1915, 1915] }],
    ["(March 12, 1889 – May 3, 1915)", { birth: [1889, 1889], death: [1915, 1915] }],
    ["(1889-03-12 – 1915-05-31)", { birth: [1889, 1889], death: [1915, 1915] }],
    ["(Bern, 1889 – Lyon, 1915)", { birth: [1889, 1889], death: [1915, 1915] }],
    ["(1889年3月12日－1915年5月3日)", { birth: [1889, 1889], death: [1915, 1915] }],
    ["* 12. März 1889 in Bern; † 3. Mai 1915", { birth: [1889, 1889], death: [1915, 1915] }],
    ["(* um 1889)", { birth: [1884, 1894] }],
    ["(1889?–1915)", { birth: [1884, 1894], death: [1910, 1920] }],
    ["(–1915)", { death: [1915, 1915] }],
    ["(b. ca. 1889)", { birth: [1884, 1894] }],
    ["(b. Bern, 12 March 1889)", { birth: [1889, 1889] }],
    ["(n. 1889 – m. 1915)", { birth: [1889, 1889], death: [1915, 1915] }],
    ["(d. 1889 – ö. 1915)", { birth: [1889, 1889], death: [1915, 1915] }],
    ["f. 1889, d. 1915", { birth: [1889, 1889], death: [1915, 1915] }],
    ["(р. 1889)", { birth: [1889, 1889] }],
    ["1889 doğumlu", { birth: [1889, 1889] }],
    ["1889-ben született", { birth: [1889, 1889] }],
    ["faleceu em 1915", { death: [1915, 1915] }],
    ["born 1905/06", { birth: [1905, 1906] }],
    ["died before 1915", { death: [1905, 1915] }],
    ["geb. Keller am 12.3.1889", { birth: [1889, 1889] }],
    ["все 18 лет, в 1936 году", {}],
    ["в возрасте 18 лет в 1936 году", { birth: [1917, 1918] }],
    ["18 ans, en 1936", { birth: [1917, 1918] }],
    ["18-jährig, mit 18 Jahren", {}],
  ])("reads %s", (text, life) => {
    expect(lifeIn(text)).toEqual(life);
  });

  it.each([
    "Bern, 1936 – Foto",
    "Foto aus Bern, 1936 – ",
    "1936-ban",
    "1936-luvulla",
    "1936-12",
    "1889-12",
    "(fl. 1889–1915)",
    "(active 1889–1915)",
    "reigned 1889–1915",
    "Bürgermeister 1889–1915",
    "Photographs 1889–1915",
    "300–400 visitors",
    "seats 300-400",
  ])("takes the years in %j for no lifetime", (text) => {
    expect(lifeIn(text)).toEqual({});
  });

  it.each([
    "with Künstler*innen 1936",
    "with Keller† 1936",
    "Anna B. 1936",
    "Vitamin D 2019",
    "Holbein d. J. 1936",
    "geb. Keller, 1936",
    "née Keller (1936)",
    "summit of NATO, 1999",
    "at Ur, 1929",
    "with Mort Keller, 1960",
    "in Death in Venice, 1971",
    "death of a salesman 1949",
    "born in Bern, photographed in 1936",
    "(born in Bern) at the fair, 1936",
    "was born. In 1936 she",
  ])("reads no date of birth or death in %j", (text) => {
    expect(lifeIn(text)).toEqual({});
  });

  it.each([
    "25 мая 1936 года",
    "год 1936 года, 25 мая",
    "år 1936 den 14 mars",
    "Ans Keller, 12 mei 1946",
    "Let It Rain, 1970, 12 songs",
    "Age of Reason 1993, 20 copies",
    "les 10 ans de l'école en 2005",
    "50 лет Октября, 1967",
    "celebra 20 años, 2016",
    "aged 9 months in 2019",
  ])("reads no age in %j", (text) => {
    expect(lifeIn(text)).toEqual({});
  });
});

describe("isMonth", () => {
  it.each("may sept juillet janner июля lipca cervence temmuz ιουλιου يناير".split(" "))(
    "knows %s",
    (word) => {
      expect(isMonth(word)).toBe(true);
    },
  );

  it.each(["10", "anna", "", "1905"])("does not take %j for a month", (word) => {
    expect(isMonth(word)).toBe(false);
  });
});

describe("yearsOf", () => {
  it.each([
    ["1924-03-02", [1924, 1924]],
    ["1891, Central City", [1891, 1891]],
    ["1890s", [1890, 1899]],
    ["19th century", [1800, 1899]],
    ["c. 1850", [1845, 1855]],
    ["before 1850", [1840, 1850]],
    ["1850 or 1852", [1850, 1852]],
    ["1850–1855", [1850, 1855]],
    ["1850-05", [1850, 1850]],
    ["unknown", undefined],
  ])("reads %s", (text, years) => {
    expect(yearsOf(text)).toEqual(years);
  });
});

describe("compareYears", () => {
  it("is 1 for years that overlap, 0.5 for years at most two apart, and −1 for others", () => {
    expect(compareYears([1890, 1899], [1895, 1895])).toBe(1);
    expect(compareYears([1905, 1905], [1907, 1907])).toBe(0.5);
    expect(compareYears([1905, 1905], [1908, 1908])).toBe(-1);
  });
});

describe("rolesIn", () => {
  const first = (text: string) => rolesIn(wordsOf(text)).map(({ role }) => ROLES[role]!.words[0]);

  it.each([
    ["Physikerin aus Bern", "physicist"],
    ["la escultora", "sculptor"],
    ["портрет физика", "physicist"],
    ["film director", "director"],
    ["Bürgermeister", "mayor"],
    ["Sinfonieorchester", "orchestra"],
  ])("finds the role in %s", (text, role) => {
    expect(first(text)).toContain(role);
  });

  it.each([
    "letter to a friend",
    "seen by a friend",
    "with her car",
    "festival of the arts",
    "avec les enfants",
    "con las tropas",
    "a cura di",
    "visita oficial",
    "general view of the valley",
    "at work in the studio",
  ])("finds no role from another language or with another meaning in %j", (text) => {
    expect(first(text)).toEqual([]);
  });

  it("finds nothing among other words", () => {
    expect(first("on a green hillside yesterday morning")).toEqual([]);
  });
});
