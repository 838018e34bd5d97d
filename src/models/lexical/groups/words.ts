import type { MentionFacts } from "../caption-facts.js";
import { KINDS } from "../entity-profile.js";
import { type FeatureGroup, positions } from "../feature-row.js";

const FEATURES = [...KINDS, "kin named", "kin partly named"] as const;
const F = positions(FEATURES);

/** Words of the caption that occur in the candidate's values and description; words rare among the candidates count more. */
export const words: FeatureGroup = {
  features: FEATURES,
  fill: ({ mention, frequency, candidateCount }, { profile, name }, row) => {
    for (const word of mention.content) {
      const kinds = profile.words.get(word);
      if (kinds === undefined || name.core.includes(word)) continue;
      const rarity = Math.log((candidateCount + 1) / (frequency.get(word) ?? 1)) / 4;
      for (const kind of kinds) row.put(kind, rarity);
    }
    const named = Math.max(0, ...profile.values.kin.map((value) => kinNamed(value, mention)));
    if (named === 1) row.put(F["kin named"], 1);
    else row.put(F["kin partly named"], named);
  },
};

/** 1 if the caption contains the whole name, otherwise k / (n + 1) if it contains k of its n words longer than two letters. */
function kinNamed(value: string, { text, around }: MentionFacts): number {
  if (value !== "" && text.includes(` ${value} `)) return 1;
  const parts = value.split(" ").filter((word) => word.length > 2);
  return parts.filter((word) => around.has(word)).length / (parts.length + 1);
}
