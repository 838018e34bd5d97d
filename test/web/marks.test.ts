import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addMark, overlaps, pieces, tidySpan } from "../../web/src/review/marks.js";
import { trickyText } from "../core/texts.js";
import { item, opened, reviewerStep, run } from "./states.js";

const selection = fc.record({
  start: fc.integer({ min: -2, max: 40 }),
  end: fc.integer({ min: -2, max: 40 }),
});

const graphemes = (text: string): string[] =>
  [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text)].map(({ segment }) => segment);

describe("tidySpan", () => {
  it("never splits a grapheme, and trims white space", () => {
    fc.assert(
      fc.property(trickyText, selection, (text, selected) => {
        const span = tidySpan(text, selected);
        if (span === undefined) return;
        const [before, within, after] = [
          text.slice(0, span.start),
          text.slice(span.start, span.end),
          text.slice(span.end),
        ];
        const whole = graphemes(text);
        expect(whole.slice(0, graphemes(before).length).join("")).toBe(before);
        expect([...graphemes(before), ...graphemes(within), ...graphemes(after)].join("")).toBe(text);
        expect(within).toBe(within.trim());
        expect(within).not.toBe("");
        expect(tidySpan(text, span)).toEqual(span);
      }),
    );
  });

  it("counts UTF-16 code units and keeps emoji whole", () => {
    const text = "👩‍👩‍👧 with Zoë 👍🏽!";
    expect(tidySpan(text, { start: 1, end: 2 })).toEqual({ start: 0, end: 8 });
    expect(tidySpan(text, { start: 18, end: 19 })).toEqual({ start: 18, end: 22 });
    expect(tidySpan(text, { start: 13, end: 18 })).toEqual({ start: 14, end: 17 });
  });

  it("returns undefined for a blank selection", () => {
    expect(tidySpan("a   b", { start: 1, end: 4 })).toBeUndefined();
    expect(tidySpan("ab", { start: 1, end: 1 })).toBeUndefined();
  });
});

describe("marks", () => {
  it("never overlap, are sorted, and contain the text they mark, whatever the reviewer does", () => {
    const texts = fc.tuple(trickyText, trickyText);
    fc.assert(
      fc.property(texts, fc.array(reviewerStep, { maxLength: 15 }), ([a, b], steps) => {
        const { items } = run(opened(item("a", a), item("b", b)), ...steps);
        for (const { text, marks } of items) {
          marks.forEach((mark, at) => {
            expect(text.slice(mark.start, mark.end)).toBe(mark.text);
            const next = marks[at + 1];
            if (next !== undefined) expect(mark.end!).toBeLessThanOrEqual(next.start!);
          });
        }
      }),
    );
  });

  it("are replaced by a new mark that overlaps them, and no others", () => {
    const before = item("a", "Michael Jordan and Pippen", "Jordan", "Pippen");
    const after = addMark(before, { start: 0, end: 14 });
    expect(after.marks.map(({ text }) => text)).toEqual(["Michael Jordan", "Pippen"]);
    expect(overlaps({ start: 0, end: 3 }, { start: 3, end: 5 })).toBe(false);
    expect(addMark(after, { start: 0, end: 15 })).toBe(after);
  });

  it("split the text into pieces that join to the whole text, even if a file's marks overlap", () => {
    const spans = fc.array(fc.tuple(fc.nat({ max: 9 }), fc.integer({ min: 1, max: 9 })), { maxLength: 4 });
    fc.assert(
      fc.property(spans, (found) => {
        const text = "0123456789";
        const marks = found.map(([start, length]) => {
          const end = Math.min(10, start + length);
          return { text: text.slice(start, end), start, end };
        });
        const cut = pieces({ id: "a", text, marks });
        expect(cut.map(({ start, end }) => text.slice(start, end)).join("")).toBe(text);
        for (const { start, end, mark } of cut) {
          if (mark !== undefined) expect(marks[mark]).toMatchObject({ start, end });
        }
      }),
    );
  });
});
