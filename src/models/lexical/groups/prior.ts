import { AMOUNTS, TRAITS } from "../entity-profile.js";
import type { FeatureGroup } from "../feature-row.js";

/**
 * Features that do not depend on the caption: the candidate's popularity, how much information the knowledge base
 * contains about the candidate, and its traits.
 */
export const prior: FeatureGroup = {
  features: [...AMOUNTS, ...TRAITS],
  fill: (_, { profile: { amounts, traits } }, row) => {
    for (let amount = 0; amount < amounts.length; amount++) row.put(amount, amounts[amount]!);
    for (const trait of traits) row.put(AMOUNTS.length + trait, 1);
  },
};
