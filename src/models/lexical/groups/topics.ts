import { TRAITS } from "../entity-profile.js";
import type { FeatureGroup } from "../feature-row.js";
import { TOPICS } from "../word-lists.js";

/** Each topic of the caption (a premiere, a goal, a statue) with each trait of the candidate (actor, footballer, born 1790). */
export const topics: FeatureGroup = {
  features: TOPICS.flatMap((topic) => TRAITS.map((trait) => `${topic} × ${trait}`)),
  fill: ({ caption }, { profile }, row) => {
    for (const topic of caption.topics)
      for (const trait of profile.traits) row.put(topic * TRAITS.length + trait, 1);
  },
};
