import { compareYears } from "../../../names/index.js";
import { type FeatureGroup, positions } from "../feature-row.js";

const FEATURES = [
  "birth agrees",
  "birth nearly agrees",
  "birth differs",
  "death agrees",
  "death nearly agrees",
  "death differs",
] as const;
const F = positions(FEATURES);
const NAMES = {
  birth: { agrees: F["birth agrees"], near: F["birth nearly agrees"], differs: F["birth differs"] },
  death: { agrees: F["death agrees"], near: F["death nearly agrees"], differs: F["death differs"] },
} as const;

/**
 * Features that compare the candidate's dates with the life dates that the caption states for the mention. A work
 * without dates contradicts a date of birth.
 */
export const life: FeatureGroup = {
  features: FEATURES,
  fill: ({ mention }, { profile }, row) => {
    for (const event of ["birth", "death"] as const) {
      const [stated, known] = [mention.life[event], profile.life[event]];
      if (stated === undefined) continue;
      if (known === undefined) {
        if (event === "birth" && profile.kind() === "work") row.put(F["birth differs"], 1);
        continue;
      }
      const agreement = compareYears(stated, known);
      const { agrees, near, differs } = NAMES[event];
      row.put(agreement === 1 ? agrees : agreement > 0 ? near : differs, 1);
    }
  },
};
