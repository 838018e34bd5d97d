import { describe, expect, it } from "vitest";
import { impliedNames } from "../../src/mentions/implied-names.js";

/** Returns the implied names of the given mentions, which occur in the text in this order. */
function implied(text: string, ...names: string[]): (string | undefined)[] {
  let from = 0;
  const mentions = names.map((name) => {
    const start = text.indexOf(name, from);
    from = start + name.length;
    return { text: name, span: { start, end: from } };
  });
  return impliedNames({ text, mentions });
}

describe("impliedNames", () => {
  it.each([
    ["Brothers Emil and Oskar Lund in Oslo", ["Emil", "Oskar Lund"], ["Emil Lund", undefined]],
    ["Ida & Oskar Lund", ["Ida", "Oskar Lund"], ["Ida Lund", undefined]],
    [
      "Emil, Ida und Oskar van der Lund",
      ["Emil", "Ida", "Oskar van der Lund"],
      ["Emil van der Lund", "Ida van der Lund", undefined],
    ],
    ["Oskar Lund and his son Emil", ["Oskar Lund", "Emil"], [undefined, "Emil Lund"]],
    ["Oskar Lund et sa femme Ida", ["Oskar Lund", "Ida"], [undefined, "Ida Lund"]],
    ["Oskar Lund mit seiner Tochter Ida", ["Oskar Lund", "Ida"], [undefined, "Ida Lund"]],
    ["Emil, son of Oskar Lund", ["Emil", "Oskar Lund"], ["Emil Lund", undefined]],
  ])("completes the first names in %s", (text, mentions, expected) => {
    expect(implied(text, ...mentions)).toEqual(expected);
  });

  it.each([
    ["Emil. And Oskar Lund", ["Emil", "Oskar Lund"]],
    ["Emil meets Oskar Lund", ["Emil", "Oskar Lund"]],
    ["Emil and Lund", ["Emil", "Lund"]],
    ["Oskar Lund in Rome", ["Oskar Lund", "Rome"]],
  ])("leaves the names in %s alone", (text, mentions) => {
    expect(implied(text, ...mentions)).toEqual([undefined, undefined]);
  });

  it("needs positions", () => {
    const mentions = [{ text: "Emil" }, { text: "Oskar Lund" }];
    expect(impliedNames({ text: "Emil and Oskar Lund", mentions })).toEqual([undefined, undefined]);
  });
});
