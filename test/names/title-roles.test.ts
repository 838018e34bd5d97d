import { describe, expect, it } from "vitest";
import { ROLES, rolesOfTitles, TITLES } from "../../src/names/index.js";

const heads = (rows: Iterable<number>): readonly string[] => [...rows].map((row) => ROLES[row]!.words[0]!);
const all = [...TITLES.keys()].filter((title) => rolesOfTitles([title]) !== undefined);

describe("rolesOfTitles", () => {
  it("knows only occupations of people, for every title", () => {
    for (const title of all) {
      const { own, near } = rolesOfTitles([title])!;
      expect(own.size, title).toBeGreaterThan(0);
      for (const row of [...own, ...near]) expect(ROLES[row]?.kind, title).toBe("person");
    }
  });

  it("returns the same for titles in any order and repeated", () => {
    for (const [at, title] of all.entries()) {
      const other = all[(at * 7 + 3) % all.length]!;
      const found = rolesOfTitles([title, other])!;
      expect(rolesOfTitles([other, title, title])).toEqual(found);
      expect(found.own).toEqual(new Set([...rolesOfTitles([title])!.own, ...rolesOfTitles([other])!.own]));
    }
  });

  it.each([
    ["pfarrer", "clergyman"],
    ["abbe", "clergyman"],
    ["ks", "clergyman"],
    ["dominee", "clergyman"],
    ["padre", "clergyman"],
    ["отец", "clergyman"],
    ["soeur", "nun"],
    ["siostra", "nun"],
    ["dr", "doctor"],
    ["доктор", "doctor"],
    ["mudr", "surgeon"],
    ["avv", "lawyer"],
    ["inz", "engineer"],
    ["maestro", "conductor"],
    ["ogretmen", "teacher"],
    ["burgermeister", "mayor"],
    ["capitan", "general"],
    ["lord", "nobleman"],
  ])("takes %j for the title of a %s", (title, head) => {
    expect(heads(rolesOfTitles([title])!.own)).toContain(head);
  });

  it.each(["herr", "mrs", "pan", "senor", "sir", "late"])("knows no occupation of %j", (title) => {
    expect(rolesOfTitles([title])).toBeUndefined();
  });

  it("knows occupations that go with a title", () => {
    expect(heads(rolesOfTitles(["pfarrer"])!.near)).toContain("theologian");
    expect(heads(rolesOfTitles(["dr"])!.near)).toContain("chemist");
    expect(heads(rolesOfTitles(["pfarrer"])!.near)).not.toContain("brewer");
  });

  it("knows how much a title says about the occupation", () => {
    expect(rolesOfTitles(["pfarrer"])!.strength).toBe("profession");
    expect(rolesOfTitles(["burgermeister"])!.strength).toBe("office");
    expect(rolesOfTitles(["captain"])!.strength).toBe("office");
    expect(rolesOfTitles(["prof"])!.strength).toBe("none");
    expect(rolesOfTitles(["pfarrer", "dr"])!.strength).toBe("none");
  });
});
