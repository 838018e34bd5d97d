import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { locateNames } from "../../src/datasets/locate-names.js";

const located = (text: string, names: readonly string[]): (readonly [number, number] | undefined)[] =>
  locateNames(text, names).map((span) => span && ([span.start, span.end] as const));

describe("names given apart from their text are found in it", () => {
  it.each([
    [
      "in whatever order they come",
      "Najib with Susilo",
      ["Susilo", "Najib"],
      [
        [11, 17],
        [0, 5],
      ],
    ],
    [
      "one after the other when they are the same",
      "Perón and Evita Perón",
      ["Perón", "Perón"],
      [
        [0, 5],
        [16, 21],
      ],
    ],
    [
      "the longer first",
      "Obama and Michelle Obama",
      ["Obama", "Michelle Obama"],
      [
        [0, 5],
        [10, 24],
      ],
    ],
    ["not inside another name", "Michelle Obama", ["Obama", "Michelle Obama"], [undefined, [0, 14]]],
    ["as whole words if they can", "Francois met Franco", ["Franco"], [[13, 19]]],
    ["after an accent that is a character of its own", "Ane\u0301 and Ane", ["Ane"], [[9, 12]]],
    ["as part of a word if not", "Obamas", ["Obama"], [[0, 5]]],
    ["or not at all", "Elsie de Wolfe", ["Elsie Wolfe"], [undefined]],
    ["no more often than they stand there", "Perón", ["Perón", "Perón"], [[0, 5], undefined]],
  ])("%s", (_, text, names, expected) => {
    expect(located(text, names)).toEqual(expected);
  });

  it("with spans that hold the name and never overlap", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", " ", "👍"), maxLength: 4 });
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "b", " ", "👍"), maxLength: 30 }),
        fc.array(word),
        (text, names) => {
          const spans = locateNames(text, names);
          const covered = new Set<number>();
          for (const [at, span] of spans.entries()) {
            if (span === undefined) continue;
            expect(text.slice(span.start, span.end)).toBe(names[at]);
            for (let position = span.start; position < span.end; position++) {
              expect(covered.has(position)).toBe(false);
              covered.add(position);
            }
          }
          for (const [at, name] of names.entries()) {
            if (spans[at] === undefined && name !== "" && spans.every((span) => span === undefined)) {
              expect(text).not.toContain(name);
            }
          }
        },
      ),
    );
  });
});
