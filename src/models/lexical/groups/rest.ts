import {
  type CandidateFacts,
  type FeatureGroup,
  type FeatureRow,
  type MentionContext,
  positions,
} from "../feature-row.js";
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

/**
 * Features for the words of the candidate's name that are missing from the mention, such as "Corse" for the candidate
 * Corse Payton and the mention "Payton". They show whether the caption contains these words elsewhere.
 */
export const rest: FeatureGroup = {
  features: FEATURES,
  fill: (context, facts, row) => {
    const { name, profile, tokens } = facts;
    const all = name === profile.label ? name.all : [...new Set([...name.all, ...profile.label.all])];
    const missing = all.filter((word) => !tokens.includes(word));
    fillAround(context, facts, missing, row);
    fillNeighbours(context, missing, row);
    fillNumeral(context, name.numeral, row);
  },
};

function fillAround(
  { mention }: MentionContext,
  { profile }: CandidateFacts,
  missing: readonly string[],
  row: FeatureRow,
): void {
  const found = missing.filter((word) => mention.around.has(word));
  const content = found.filter((word) => word.length > 2 && !TITLES.has(word)).length;
  if (content > 0) row.put(F["in caption"], 1);
  row.put(F["share in caption"], content / Math.max(1, missing.length));
  if (found.some((word) => TITLES.has(word))) row.put(F["title in caption"], 1);
  if (profile.label.bracket.some((word) => found.includes(word))) row.put(F["bracket in caption"], 1);
  if (profile.fullNames.some((name) => mention.text.includes(name))) row.put(F["whole name in caption"], 1);
}

function fillNeighbours({ mention }: MentionContext, missing: readonly string[], row: FeatureRow): void {
  const [before] = mention.before;
  const [after] = mention.after;
  if (before !== undefined && missing.includes(before.text)) row.put(F["word before"], 1);
  else if (before?.capital && !TITLES.has(before.text)) row.put(F["other name before"], 1);
  if (after !== undefined && missing.includes(after.text)) row.put(F["word after"], 1);
  else if (after?.capital) row.put(F["other name after"], 1);
}

function fillNumeral(
  { mention: { numeral } }: MentionContext,
  named: string | undefined,
  row: FeatureRow,
): void {
  if (named === undefined && numeral === undefined) return;
  if (named === numeral) row.put(F["numeral agrees"], 1);
  else if (numeral === undefined) row.put(F["numeral only in name"], 1);
  else row.put(named === undefined ? F["numeral only in caption"] : F["numeral differs"], 1);
}
