import { describe, expect, it } from "vitest";
import { entityOf } from "../../src/core/index.js";
import { sexOfEntity } from "../../src/names/index.js";

describe("sexOfEntity", () => {
  it.each([
    ["P21", "Q6581072", "female"],
    ["Gender", "F", "female"],
    ["sukupuoli", "mies", "male"],
    ["пол", "женщина", "female"],
    ["стать", "чоловіча", "male"],
    ["género", "femenino", "female"],
    ["genere", "maschio", "male"],
    ["φύλο", "γυναίκα", "female"],
    ["الجنس", "ذكر", "male"],
    ["genre", "comedy", undefined],
  ])("reads %s: %s", (property, value, sex) => {
    expect(sexOfEntity(entityOf({ id: "1", label: "Ada Holm", properties: { [property]: [value] } }))).toBe(
      sex,
    );
  });
});
