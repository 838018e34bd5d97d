import { type Agreement, impliedSex } from "../../../names/index.js";
import { type FeatureGroup, type FeatureRow, positions } from "../feature-row.js";

const FEATURES = [
  "exact",
  "otherFamily",
  "otherGiven",
  "otherMiddle",
  "extra",
  "sameGeneration",
  "otherGeneration",
  "generationInMention",
  "generationInName",
  "givenOnly",
  "initials",
  "nicknames",
  "spellings",
  "typos",
  "reordered",
  "acronym",
  "no common word",
  "fit",
  "best fit alone",
  "best fit shared",
  "sex agrees",
  "sex differs",
] as const;
const F = positions(FEATURES);

/**
 * Features that show which parts of the mention and of the candidate's name agree, and which parts contradict each
 * other, such as different given names or generations. Two more features show whether the candidate has the sex that
 * the mention's title implies.
 */
export const agreement: FeatureGroup = {
  features: FEATURES,
  fill: ({ mention, bestFit, bestFits }, { agreement, fit, profile }, row) => {
    if (agreement === undefined) row.put(F["no common word"], 1);
    else fillFields(agreement, row);
    row.put(F.fit, fit);
    if (fit === bestFit && fit > 0) row.put(bestFits === 1 ? F["best fit alone"] : F["best fit shared"], 1);
    const { sex } = mention.parsed;
    const known = sex === undefined ? undefined : (profile.sex ?? impliedSex(profile.parsedLabel));
    if (known !== undefined) row.put(sex === known ? F["sex agrees"] : F["sex differs"], 1);
  },
};

/** Adds the fields of an agreement. Naming each of them is several times faster than a loop over their names. */
function fillFields(agreement: Agreement, row: FeatureRow): void {
  row.put(F.exact, agreement.exact);
  row.put(F.otherFamily, agreement.otherFamily);
  row.put(F.otherGiven, agreement.otherGiven);
  row.put(F.otherMiddle, agreement.otherMiddle);
  row.put(F.extra, agreement.extra);
  row.put(F.sameGeneration, agreement.sameGeneration);
  row.put(F.otherGeneration, agreement.otherGeneration);
  row.put(F.generationInMention, agreement.generationInMention);
  row.put(F.generationInName, agreement.generationInName);
  row.put(F.givenOnly, agreement.givenOnly);
  row.put(F.initials, agreement.initials);
  row.put(F.nicknames, agreement.nicknames);
  row.put(F.spellings, agreement.spellings);
  row.put(F.typos, agreement.typos);
  row.put(F.reordered, agreement.reordered);
  row.put(F.acronym, agreement.acronym);
}
