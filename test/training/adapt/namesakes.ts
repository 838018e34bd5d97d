import type { WireCaption, WireEntity } from "../../../src/formats/index.js";

const NAMES = Array.from(
  { length: 40 },
  (_, index) => `Ada${"bcdfghklmn"[index % 10]}o Quill${"aeiou"[index % 5]}${"rstv"[index % 4]}${index}`,
);

/** Pairs of namesakes: one with facts, one without. */
export const NAMESAKES: readonly WireEntity[] = NAMES.flatMap((label, index) => [
  { id: `known${index}`, label, popularity: 50, description: "painter and teacher of painters" },
  { id: `plain${index}`, label },
]);

/** Captions that mean the namesake without facts, unlike what the bundled weights expect. */
export const REVIEWED: readonly WireCaption[] = NAMES.map((name, index) => ({
  id: `${index}`,
  text: `${name} at home`,
  mentions: [{ text: name, start: 0, end: name.length, gold: `plain${index}` }],
}));
