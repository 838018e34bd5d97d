import { describe, expect, it } from "vitest";
import { createCandidateSource } from "../../src/candidates/index.js";
import type { Caption } from "../../src/core/index.js";
import { impliedNames, withFullNames } from "../../src/mentions/implied-names.js";

/** Returns the implied names of the given mentions, which occur in the text in this order. */
function implied(text: string, ...names: string[]): (string | undefined)[] {
  let from = 0;
  const mentions = names.map((name) => {
    const start = text.indexOf(name, from);
    from = start + name.length;
    return { text: name, span: { start, end: from } };
  });
  const found = impliedNames({ text, mentions });
  return names.map((_, index) => found.find((name) => name.index === index)?.mention.text);
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
    expect(impliedNames({ text: "Emil and Oskar Lund", mentions })).toEqual([]);
  });
});

describe("withFullNames", () => {
  const source = createCandidateSource(
    ["Emil Lund", "Oskar Lund", "Emil Berg"].map((label) => ({
      id: label,
      label,
      aliases: [],
      properties: {},
      images: [],
    })),
  );

  /** Returns the texts of the mentions after the known implied names have replaced them. */
  async function completed(text: string, ...names: string[]): Promise<string[]> {
    const caption: Caption = {
      id: text,
      text,
      mentions: names.map((name) => {
        const start = text.indexOf(name);
        return { text: name, span: { start, end: start + name.length } };
      }),
    };
    const implied = impliedNames(caption);
    const find = (list: readonly { text: string }[]) =>
      source.candidates(
        list.map((mention) => mention.text),
        10,
      );
    const input = { caption, candidates: await find(caption.mentions) };
    const result = withFullNames(input, implied, await find(implied.map(({ mention }) => mention)));
    expect(result.caption.mentions.map(({ span }) => span)).toEqual(caption.mentions.map(({ span }) => span));
    return result.caption.mentions.map((mention) => mention.text);
  }

  it("completes a first name whose full name is in the knowledge base", async () => {
    expect(await completed("Emil and Oskar Lund", "Emil", "Oskar Lund")).toEqual(["Emil Lund", "Oskar Lund"]);
  });

  it("leaves other names alone", async () => {
    expect(await completed("Berg and Oskar Lund", "Berg", "Oskar Lund")).toEqual(["Berg", "Oskar Lund"]);
    expect(await completed("Ida and Oskar Lund", "Ida", "Oskar Lund")).toEqual(["Ida", "Oskar Lund"]);
  });
});
