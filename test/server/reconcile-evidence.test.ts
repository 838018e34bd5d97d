import { describe, expect, it } from "vitest";
import { entityOf } from "../../src/core/index.js";
import { compareProperty, isExactName } from "../../src/server/reconcile/evidence.js";

const entity = entityOf({
  id: "1",
  label: "Edith Marlow",
  aliases: ["E. M. Marlow"],
  description: "Swiss chemist, 1882–1941",
  properties: {
    birth: ["1882-03-02, Bern"],
    occupation: ["chemist"],
    employer: ["University of Bern"],
    death: ["0"],
  },
});

describe("compareProperty", () => {
  it.each([
    ["birth", "1882", "agrees"],
    ["birth", "1882-03-02", "agrees"],
    ["birth", "19th century", "agrees"],
    ["birth", "1883", "unknown"],
    ["birth", "1905", "contradicts"],
    ["birth", "Bern", "agrees"],
    ["death", "1941", "agrees"],
    ["death", "1960", "contradicts"],
    ["occupation", "Chemikerin", "agrees"],
    ["occupation", "painter", "contradicts"],
    ["employer", "UNIVERSITY OF BERN", "agrees"],
    ["nationality", "Swiss", "unknown"],
    ["description", "chemist", "agrees"],
    ["description", "painter", "unknown"],
    ["alias", "E. M. Marlow", "agrees"],
  ])("%s %s %s", (property, value, comparison) => {
    expect(compareProperty(entity, property, [value])).toBe(comparison);
  });

  it("agrees if one of several values agrees", () => {
    expect(compareProperty(entity, "occupation", ["painter", "chemist"])).toBe("agrees");
  });
});

describe("isExactName", () => {
  it.each([
    ["Marlow, Edith", true],
    ["Dr. Edith Marlow", true],
    ["Marlow", false],
    ["Edgar Marlow", false],
  ])("of %s is %s", (name, exact) => {
    expect(isExactName(name, ["Edith Marlow"])).toBe(exact);
  });
});
