import { describe, expect, it } from "vitest";
import { parseProperties } from "../../src/datasets/property-text.js";

describe("parseProperties", () => {
  it.each([
    [
      "Sex: male. Birth: 1880, Little Rock. Occupation: actor, film producer.",
      { sex: ["male"], birth: ["1880, Little Rock"], occupation: ["actor", "film producer"] },
    ],
    ["Occupation: .", {}],
    ["", {}],
    ["Sex: female. Occupation: , actor.", { sex: ["female"], occupation: ["actor"] }],
    [
      "Death: 1943, Washington D.C.. Occupation: lawyer. Spouse: Benigno Aquino Jr..",
      { death: ["1943, Washington D.C."], occupation: ["lawyer"], spouse: ["Benigno Aquino Jr."] },
    ],
    [
      "Nickname: The Duke, Dumpy. Birth: 1961-08-04, Kapiolani Medical Center for Women and Children, Kenya.",
      {
        nickname: ["The Duke", "Dumpy"],
        birth: ["1961-08-04, Kapiolani Medical Center for Women and Children, Kenya"],
      },
    ],
    ["Nick name: Magic. Alma mater: St. Mary's.", { nickname: ["Magic"], almaMater: ["St. Mary's"] }],
    [
      "Work starts: 1752-00-00. Position held: president, president. Languages: English, English.",
      { workStart: ["1752"], positionHeld: ["president"], languages: ["English"] },
    ],
    ["Birth: 1732-02-22, X. Death: -0070-10-00, Y.", { birth: ["1732-02-22, X"], death: ["-0070-10, Y"] }],
    ["Birth: t183, Rome. Death: t183. Religion: Islam.", { birth: ["Rome"], religion: ["Islam"] }],
  ])("parses %j", (text, expected) => {
    expect(parseProperties(text, "here")).toEqual(expected);
  });

  it("rejects a text without headings", () => {
    expect(() => parseProperties("American politician", "Q1")).toThrow("instead of a heading, Q1");
  });
});
