import { type Agreement, impliedSex, parseKnown } from "../../../names/index.js";
import { type FeatureGroup, positions } from "../feature-row.js";

/** Fields of an agreement that are features. */
const FIELDS = [
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
] as const satisfies readonly (keyof Agreement)[];
const FEATURES = [
  ...FIELDS,
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
    else for (const field of FIELDS) row.put(F[field], agreement[field]);
    row.put(F.fit, fit);
    if (fit === bestFit && fit > 0) row.put(bestFits === 1 ? F["best fit alone"] : F["best fit shared"], 1);
    const { sex } = mention.parsed;
    const known =
      sex === undefined ? undefined : (profile.sex ?? impliedSex(parseKnown(profile.entity.label)));
    if (known !== undefined) row.put(sex === known ? F["sex agrees"] : F["sex differs"], 1);
  },
};
