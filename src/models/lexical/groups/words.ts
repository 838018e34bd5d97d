import type { MentionFacts } from "../caption-facts.js";
import { type Group, positions } from "../feature-row.js";
import { KINDS } from "../properties.js";

const FEATURES = [...KINDS, "kin named", "kin partly named"] as const;
const F = positions(FEATURES);

/** Words of the caption that stand in the candidate's values and description: rare ones among the candidates count more. */
export const words: Group = {
  features: FEATURES,
  fill: ({ mention, frequency, candidates }, { profile, name }, row) => {
    for (const word of mention.content) {
      const kinds = profile.words.get(word);
      if (kinds === undefined || name.core.includes(word)) continue;
      const rarity = Math.log((candidates + 1) / (frequency.get(word) ?? 1)) / 4;
      for (const kind of kinds) row.put(kind, rarity);
    }
    const named = Math.max(0, ...profile.values.kin.map((value) => kinNamed(value, mention)));
    if (named === 1) row.put(F["kin named"], 1);
    else row.put(F["kin partly named"], named);
  },
};

/** 1 when the caption holds the whole name, otherwise the share of its words. */
function kinNamed(value: string, { text, around }: MentionFacts): number {
  if (value !== "" && text.includes(` ${value} `)) return 1;
  const parts = value.split(" ").filter((word) => word.length > 2);
  return parts.filter((word) => around.has(word)).length / (parts.length + 1);
}
