import { type FeatureGroup, positions } from "../feature-row.js";

const FEATURES = ["before agrees", "before differs", "around agrees", "around differs"] as const;
const F = positions(FEATURES);

/**
 * Features that show whether gendered words near the mention ("Dame", "his wife", "actress") agree with the candidate's
 * sex.
 */
export const gender: FeatureGroup = {
  features: FEATURES,
  fill: ({ mention: { genderBefore, genderAround } }, { profile: { sex } }, row) => {
    if (sex === undefined) return;
    const own = sex === "female" ? 1 : -1;
    if (genderBefore !== 0) row.put(genderBefore === own ? F["before agrees"] : F["before differs"], 1);
    if (genderAround !== 0) row.put(genderAround === own ? F["around agrees"] : F["around differs"], 1);
  },
};
