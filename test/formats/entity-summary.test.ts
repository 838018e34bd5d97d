import { describe, expect, it } from "vitest";
import { entityOf } from "../../src/core/index.js";
import { entitySummary } from "../../src/formats/index.js";

const summary = (properties: Record<string, string[]>, description?: string): string =>
  entitySummary(entityOf({ id: "Q1", label: "x", properties, ...(description && { description }) }));

describe("entitySummary", () => {
  it.each([
    [
      { birth: ["1950-02-25, Sligo"], occupation: ["film director", "writer"] },
      "born 1950 · film director, writer",
    ],
    [{ geboren: ["um 1850"], gestorben: ["1902, Bern"], Beruf: ["Maler"] }, "um 1850–1902 · Maler"],
    [{ "date of death": ["3 May 1911"] }, "died 1911"],
    [{ "life dates": ["1850–1911"], type: ["person"] }, "1850–1911 · person"],
    [{ Geburtsort: ["Bern"], height: ["2 m"] }, "Geburtsort: Bern · height: 2 m"],
    [{ birth: [], occupation: [] as string[] }, "Q1"],
    [{}, "Q1"],
  ])("%j: %s", (properties, expected) => {
    expect(summary(properties)).toBe(expected);
  });

  it("is the description if there is one", () => {
    expect(summary({ birth: ["1950"] }, "Irish film director")).toBe("Irish film director");
  });
});
