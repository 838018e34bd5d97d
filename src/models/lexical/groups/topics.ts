import { TRAITS } from "../entity-profile.js";
import type { Group } from "../feature-row.js";
import { TOPICS } from "../word-lists.js";

/** What the caption speaks of (a premiere, a goal, a statue) with what the candidate is (actor, footballer, born 1790). */
export const topics: Group = {
  features: TOPICS.flatMap((topic) => TRAITS.map((trait) => `${topic} × ${trait}`)),
  fill: ({ caption }, { profile }, row) => {
    for (const topic of caption.topics)
      for (const trait of profile.traits) row.put(topic * TRAITS.length + trait, 1);
  },
};
