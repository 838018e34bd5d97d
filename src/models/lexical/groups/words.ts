import type { MentionFacts } from "../caption-facts.js";
import { type EntityProfile, KINDS } from "../entity-profile.js";
import { type FeatureGroup, positions } from "../feature-row.js";

const FEATURES = [...KINDS, "kin named", "kin partly named", "qualifier agrees"] as const;
const F = positions(FEATURES);

/**
 * Features for the caption's words that occur in the candidate's property values or description. A word counts more if
 * fewer of the mention's candidates have it in their property values or description. Words in the names of other
 * mentions that are also in the candidate's own names are left out. "qualifier agrees": a property value directly
 * follows the mention, as in "Yarton, Vale County".
 */
export const words: FeatureGroup = {
  features: FEATURES,
  fill: ({ mention, frequency, candidateCount }, { profile, name }, row) => {
    for (const word of mention.content) {
      const kinds = profile.words.get(word);
      if (kinds === undefined || name.core.includes(word)) continue;
      if (mention.isInOtherNames(word) && profile.nameWords().has(word)) continue;
      const rarity = Math.log((candidateCount + 1) / (frequency.get(word) ?? 1)) / 4;
      for (const kind of kinds) row.put(kind, rarity);
    }
    const named = Math.max(0, ...profile.values.kin.map((value) => kinNamed(value, mention)));
    if (named === 1) row.put(F["kin named"], 1);
    else row.put(F["kin partly named"], named);
    if (mention.qualifier !== undefined && isValue(mention.qualifier, profile))
      row.put(F["qualifier agrees"], 1);
  },
};

const isValue = (text: string, { values }: EntityProfile): boolean =>
  KINDS.some((kind) => values[kind].includes(text));

/**
 * Returns how much of a relative's name the caption contains: 1 for the complete name; otherwise k / (n + 1). Here n is the
 * number of words of more than two letters in the name, and k is the number of these words that the caption contains.
 */
function kinNamed(value: string, { text, around }: MentionFacts): number {
  if (value !== "" && text.includes(` ${value} `)) return 1;
  const parts = value.split(" ").filter((word) => word.length > 2);
  return parts.filter((word) => around.has(word)).length / (parts.length + 1);
}
