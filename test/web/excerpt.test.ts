import fc from "fast-check";
import { expect, it } from "vitest";
import { excerptOf } from "../../web/src/review/index.js";
import { trickyText } from "../core/texts.js";
import { item } from "./states.js";

const long = fc.array(trickyText, { minLength: 1, maxLength: 20 }).map((texts) => texts.join(" "));

it("shows a part of the caption around the name, and the whole of a short caption", () => {
  fc.assert(
    fc.property(long, long, (before, after) => {
      const text = `${before}Jordan${after}`;
      const span = { start: before.length, end: before.length + 6 };
      const excerpt = excerptOf({ text }, { text: "Jordan", ...span });
      const [head, tail] = [excerpt.before.replace(/^…/, ""), excerpt.after.replace(/…$/, "")];
      if (excerpt.before === before) expect(before.length).toBeLessThan(200);
      else expect(before.endsWith(head)).toBe(true);
      if (excerpt.after !== after) expect(after.startsWith(tail)).toBe(true);
      expect(excerpt.name).toBe("Jordan");
      if (text.length < 70) expect(excerpt).toEqual({ before, name: "Jordan", after });
    }),
  );
});

it("leaves out whole words", () => {
  const words = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen";
  const caption = item("1", `${words}, Jordan and Pippen, ${words}`, "Pippen");
  expect(excerptOf(caption, caption.marks[0]!)).toEqual({
    before: "…eight nine ten eleven twelve thirteen fourteen fifteen, Jordan and ",
    name: "Pippen",
    after: ", one two three four five six seven eight nine ten eleven twelve…",
  });
});

it("keeps whole characters of a text without spaces, and shows the caption of a name without offsets", () => {
  const text = "👩‍👧".repeat(100);
  expect(
    excerptOf({ text: `${text}Jordan` }, { text: "Jordan", start: text.length, end: text.length + 6 }).before,
  ).toBe(`…${"👩‍👧".repeat(27)}`);
  expect(excerptOf({ text: "A portrait" }, { text: "Jordan" })).toEqual({
    before: "",
    name: "Jordan",
    after: ": A portrait",
  });
});
