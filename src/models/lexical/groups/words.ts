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
  fill: ({ mention, frequencies, candidateCount }, { profile, name, sharedWords }, row) => {
    for (const { at, kinds } of sharedWords) {
      const word = mention.content[at]!;
      if (name.core.includes(word)) continue;
      if (mention.isInOtherNames(word) && profile.nameWords().has(word)) continue;
      const rarity = Math.log((candidateCount + 1) / frequencies[at]!) / 4;
      for (let kind = 0; kind < KINDS.length; kind++) if ((kinds >>> kind) & 1) row.put(kind, rarity);
    }
    let named = 0;
    for (const value of profile.values.kin) named = Math.max(named, kinNamed(value, mention));
    if (named === 1) row.put(F["kin named"], 1);
    else row.put(F["kin partly named"], named);
    if (mention.qualifier !== undefined && isValue(mention.qualifier, profile))
      row.put(F["qualifier agrees"], 1);
  },
};

const isValue = (text: string, { values }: EntityProfile): boolean =>
  KINDS.some((kind) => values[kind].includes(text));

/**
 * Returns how much of a relative's name the caption contains: 1 for the complete name; otherwise k / (n + 1). Here n is
 * the number of words of more than two letters in the name, and k is the number of these words that the caption
 * contains.
 */
function kinNamed(value: string, { text, around }: MentionFacts): number {
  if (value !== "" && text.includes(` ${value} `)) return 1;
  let count = 0;
  let found = 0;
  for (const word of value.split(" ")) {
    if (word.length <= 2) continue;
    count += 1;
    if (around.has(word)) found += 1;
  }
  return found / (count + 1);
}
