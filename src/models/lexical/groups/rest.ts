import { type Group, positions, type Scene, type Subject } from "../feature-row.js";
import type { Row } from "../row.js";
import { TITLES } from "../word-lists.js";

const FEATURES = [
  "in caption",
  "share in caption",
  "title in caption",
  "word before",
  "word after",
  "other name before",
  "other name after",
  "numeral agrees",
  "numeral differs",
  "numeral only in name",
  "numeral only in caption",
  "whole name in caption",
  "bracket in caption",
] as const;
const F = positions(FEATURES);

/** The part of the candidate's name that the mention leaves out: "Corse" where "Corse … Payton" is read and "Payton" is the mention. */
export const rest: Group = {
  features: FEATURES,
  fill: (scene, subject, row) => {
    const { name, profile } = subject;
    const all = name === profile.label ? name.all : [...new Set([...name.all, ...profile.label.all])];
    const left = all.filter((word) => !scene.mention.tokens.includes(word));
    fillAround(scene, subject, left, row);
    fillBeside(scene, left, row);
    fillNumeral(scene, name.numeral, row);
  },
};

function fillAround({ mention }: Scene, { profile }: Subject, left: readonly string[], row: Row): void {
  const said = left.filter((word) => mention.around.has(word));
  const telling = said.filter((word) => word.length > 2 && !TITLES.has(word)).length;
  if (telling > 0) row.put(F["in caption"], 1);
  row.put(F["share in caption"], telling / Math.max(1, left.length));
  if (said.some((word) => TITLES.has(word))) row.put(F["title in caption"], 1);
  if (profile.label.bracket.some((word) => said.includes(word))) row.put(F["bracket in caption"], 1);
  const isWhole = (name: string): boolean => name.includes(" ") && mention.text.includes(` ${name} `);
  if (profile.fullNames.some(isWhole)) row.put(F["whole name in caption"], 1);
}

function fillBeside({ mention }: Scene, left: readonly string[], row: Row): void {
  const [before] = mention.before;
  const [after] = mention.after;
  if (before !== undefined && left.includes(before.text)) row.put(F["word before"], 1);
  else if (before?.capital && !TITLES.has(before.text)) row.put(F["other name before"], 1);
  if (after !== undefined && left.includes(after.text)) row.put(F["word after"], 1);
  else if (after?.capital) row.put(F["other name after"], 1);
}

function fillNumeral({ mention: { numeral } }: Scene, named: string | undefined, row: Row): void {
  if (named === undefined && numeral === undefined) return;
  if (named === numeral) row.put(F["numeral agrees"], 1);
  else if (numeral === undefined) row.put(F["numeral only in name"], 1);
  else row.put(named === undefined ? F["numeral only in caption"] : F["numeral differs"], 1);
}
