import fc from "fast-check";

/** Text that is prone to offset errors: emoji, combining marks, right-to-left letters, CJK, and plain ASCII. */
const PIECES = [
  "a",
  "Z",
  " ",
  "é",
  "e\u0301",
  "ß",
  "👍",
  "👩‍👩‍👧",
  "𝒳",
  "שלום",
  "محمد",
  "漢",
  "\u200f",
  "\ufeff",
];

export const trickyText = fc
  .array(fc.constantFrom(...PIECES), { maxLength: 12 })
  .map((parts) => parts.join(""));

/** A text and a span that does not split a character. */
export const spannedText = fc.tuple(trickyText, fc.nat(), fc.nat()).map(([text, a, b]) => {
  const ends = [0];
  for (const character of text) ends.push(ends.at(-1)! + character.length);
  const [first, second] = [ends[a % ends.length]!, ends[b % ends.length]!];
  return { text, span: { start: Math.min(first, second), end: Math.max(first, second) } };
});
