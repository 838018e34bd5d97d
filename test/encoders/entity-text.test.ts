import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Entity } from "../../src/core/index.js";
import { entityText } from "../../src/encoders/index.js";
import { WIKIMEL } from "./model-folders.js";

const entity = (properties: Entity["properties"], more: Partial<Entity> = {}): Entity => ({
  id: "Q1",
  label: "Broncho Billy Anderson",
  aliases: ["Max Aronson"],
  properties,
  images: [],
  ...more,
});
const actor = { sex: ["male"], birth: ["1880, Little Rock"], occupation: ["actor", "film producer"] };

describe("entityText", () => {
  it("writes the properties in order, one sentence each", () => {
    const text = "Sex: male. Birth: 1880, Little Rock. Occupation: actor, film producer.";
    expect(entityText(entity(actor), "properties")).toBe(text);
    expect(entityText(entity({}), "properties")).toBe("");
    expect(entityText(entity({ spouse: [], ...actor }), "properties")).toBe(text);
  });

  it("starts with name and description only if asked to", () => {
    const described = entity(actor, { description: "American actor" });
    expect(entityText(described, "name+properties")).toMatch(
      /^Broncho Billy Anderson\. Description: American actor\. Sex: male\./,
    );
    for (const name of ["Broncho", "Aronson", "American"])
      expect(entityText(described, "properties")).not.toContain(name);
    expect(entityText(entity({}), "name+properties")).toBe("Broncho Billy Anderson.");
  });

  it.each([
    ["almaMater", "Alma mater"],
    ["positionHeld", "Position held"],
    ["workStart", "Work start"],
    ["member_of", "Member of"],
    ["IMDb", "IMDb"],
    ["place of birth", "Place of birth"],
    ["élève", "Élève"],
  ])("writes the property %s as %s", (name, title) => {
    expect(entityText(entity({ [name]: ["x"] }), "properties")).toBe(`${title}: x.`);
  });

  it.skipIf(!existsSync(WIKIMEL))(
    "matches the text of the Wiki-MEL authors for every entity [needs ../shared/data]",
    () => {
      const texts = Object.values<string>(JSON.parse(readFileSync(join(WIKIMEL, "qid2abs.json"), "utf8")));
      const keys: Record<string, string> = {
        "Alma mater": "almaMater",
        "Work starts": "workStarts",
        "Nick name": "nickName",
      };
      for (const text of texts) {
        const properties = text
          .slice(0, -1)
          .split(
            /\. (?=(?:Sex|Birth|Death|Religion|Occupation|Spouse|Languages|Alma mater|Work starts|Nick name): )/,
          )
          .map((sentence) => {
            const [title, ...values] = sentence.split(": ");
            return [keys[title!] ?? title!.toLowerCase(), values.join(": ").split(", ")] as const;
          });
        expect(entityText(entity(Object.fromEntries(properties)), "properties")).toBe(text);
      }
      expect(texts.length).toBe(18_880);
    },
  );
});
