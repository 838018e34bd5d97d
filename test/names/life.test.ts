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
  ])("reads %s", (text, life) => {
    expect(lifeIn(text)).toEqual(life);
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

  it("finds nothing among other words", () => {
    expect(first("on a green hillside yesterday morning")).toEqual([]);
  });
});
