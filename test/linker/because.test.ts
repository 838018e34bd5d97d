import { describe, expect, it } from "vitest";
import { type Candidate, entityOf } from "../../src/core/index.js";
import { because } from "../../src/linker/because.js";
import type { PairFact } from "../../src/models/model.js";

const candidate = (id: string, label: string): Candidate => ({
  entity: entityOf({ id, label }),
  nameScore: 1,
  names: { subsequence: 1, prefix: 1, edit: 1 },
  matchedName: label,
});
const ida = candidate("ida", "Ida Corran");
const namesake = candidate("namesake", "Corran (town)");
const lanterns = candidate("lanterns", "Marsh Lanterns");

/** The sentence for Ida Corran, who is supported by the Marsh Lanterns, named "Lanterns". */
function sentence(fact: PairFact | undefined, text = "Lanterns", linked: readonly string[] = ["lanterns"]) {
  const support = () => ({ text, entity: lanterns.entity, gain: 1, fact });
  return because({ candidate: ida, support }, { candidate: namesake }, new Set(linked));
}

describe("because", () => {
  it("states the property whose value names the other entity", () => {
    expect(sentence({ holder: "left", property: "member of" })).toBe(
      "Ida Corran has “member of: Marsh Lanterns”, named in the caption as “Lanterns”",
    );
    expect(sentence({ holder: "left", property: "P463" }, "Marsh Lanterns")).toBe(
      "Ida Corran has “P463: Marsh Lanterns”, named in the caption",
    );
  });

  it("states the property of the other entity whose value names this one", () => {
    expect(sentence({ holder: "right", property: "members" }, "Marsh Lanterns")).toBe(
      "Marsh Lanterns, named in the caption, has “members: Ida Corran”",
    );
  });

  it("states the value that both have, if they write it in the same way", () => {
    expect(sentence({ holder: "both", property: "город", value: "Elm" })).toBe(
      "Ida Corran and Marsh Lanterns, named in the caption as “Lanterns”, both have “город: Elm”",
    );
    expect(sentence({ holder: "both", property: "city" }, "Marsh Lanterns")).toBe(
      "Ida Corran and Marsh Lanterns, named in the caption, have the same “city”",
    );
  });

  it("claims no fact if there is no single one", () => {
    expect(sentence(undefined)).toBe("Ida Corran fits Marsh Lanterns, named in the caption as “Lanterns”");
  });

  it("does not claim that the caption names an entity to which no mention is linked", () => {
    expect(sentence({ holder: "left", property: "member of" }, "Lanterns", ["other"])).toBe(
      "Ida Corran has “member of: Marsh Lanterns”, a candidate for “Lanterns”",
    );
  });

  it("names the candidate before if no mention supports the first one", () => {
    const before = "Corran (town) fits the caption's other names less well";
    expect(because({ candidate: ida }, { candidate: namesake }, new Set())).toBe(before);
    expect(because({ candidate: ida, support: () => undefined }, { candidate: namesake }, new Set())).toBe(
      before,
    );
  });
});
