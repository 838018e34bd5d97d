import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { locateNames } from "../../src/formats/locate-names.js";

const located = (text: string, names: readonly string[]): (readonly [number, number] | undefined)[] =>
  locateNames(text, names).map((span) => span && ([span.start, span.end] as const));

describe("locateNames", () => {
  it.each([
    [
      "names in any order",
      "Najib with Susilo",
      ["Susilo", "Najib"],
      [
        [11, 17],
        [0, 5],
      ],
    ],
    [
      "consecutive occurrences of equal names",
      "Perón and Evita Perón",
      ["Perón", "Perón"],
      [
        [0, 5],
        [16, 21],
      ],
    ],
    [
      "longer names first",
      "Obama and Michelle Obama",
      ["Obama", "Michelle Obama"],
      [
        [0, 5],
        [10, 24],
      ],
    ],
    ["no name inside another name", "Michelle Obama", ["Obama", "Michelle Obama"], [undefined, [0, 14]]],
    ["whole words if possible", "Francois met Franco", ["Franco"], [[13, 19]]],
    ["no name that continues with a combining accent", "Ane\u0301 and Ane", ["Ane"], [[9, 12]]],
    ["a part of a word otherwise", "Obamas", ["Obama"], [[0, 5]]],
    ["nothing if the name does not occur", "Elsie de Wolfe", ["Elsie Wolfe"], [undefined]],
    ["each occurrence only once", "Perón", ["Perón", "Perón"], [[0, 5], undefined]],
  ])("finds %s", (_, text, names, expected) => {
    expect(located(text, names)).toEqual(expected);
  });

  it("returns spans that contain the name and do not overlap", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", " ", "👍"), maxLength: 4 });
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "b", " ", "👍"), maxLength: 30 }),
        fc.array(word),
        (text, names) => {
          const spans = locateNames(text, names);
          const covered = new Set<number>();
          for (const [index, span] of spans.entries()) {
            if (span === undefined) continue;
            expect(text.slice(span.start, span.end)).toBe(names[index]);
            for (let position = span.start; position < span.end; position++) {
              expect(covered.has(position)).toBe(false);
              covered.add(position);
            }
          }
          for (const [index, name] of names.entries()) {
            if (spans[index] === undefined && name !== "" && spans.every((span) => span === undefined)) {
              expect(text).not.toContain(name);
            }
          }
        },
      ),
    );
  });
});
