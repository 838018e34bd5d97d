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

  it.each([
    [{ birth: ["1882"] }, "birth", "March 2, 1882", "agrees"],
    [{ birth: ["1882-03-02"] }, "birth", "2 de marzo de 1882", "agrees"],
    [{ birth: ["1882"] }, "birth", "1882-03-02T00:00:00Z", "agrees"],
    [{ birth: ["c. 1880"] }, "birth", "1882", "agrees"],
    [{ birth: ["1882"] }, "birth", "unknown", "unknown"],
    [{ birth: ["1882"] }, "birth", "Bern", "unknown"],
    [{ sex: ["female"] }, "sex", "f", "agrees"],
    [{ sex: ["female"] }, "sex", "weiblich", "agrees"],
    [{ sex: ["female"] }, "sex", "M", "contradicts"],
    [{ population: ["12000"] }, "population", "12,000", "agrees"],
    [{ population: ["12000"] }, "population", "12,500", "contradicts"],
    [{ residence: ["Bern"] }, "residence", "Bern, Switzerland", "agrees"],
    [{ residence: ["York"] }, "residence", "New York", "contradicts"],
    [{ residence: ["Bern"] }, "residence", "unbekannt", "unknown"],
    [{ spouse: ["Karl Marlow"] }, "spouse", "K. Marlow", "unknown"],
    [{ spouse: ["Karl Marlow"] }, "spouse", "P. Marlow", "contradicts"],
  ])("of %j in %s with %j is %s", (properties, property, value, comparison) => {
    const other = entityOf({ id: "2", label: "Edith Marlow", properties });
    expect(compareProperty(other, property, [value])).toBe(comparison);
  });

  it.each([
    ["Swiss chemist, 1882–1941", "birthplace", "Bern", "unknown"],
    ["Swiss chemist, 1882–1941", "Geburtsdatum", "1882", "agrees"],
    ["Swiss chemist, 1882–1941", "year of birth", "1905", "contradicts"],
    ["Swiss chemist, c. 1882–1941", "birth", "1882", "agrees"],
  ])("reads from the description %j for %s %s: %s", (description, property, value, comparison) => {
    const other = entityOf({ id: "2", label: "Edith Marlow", description });
    expect(compareProperty(other, property, [value])).toBe(comparison);
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
