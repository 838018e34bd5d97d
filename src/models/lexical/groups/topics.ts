import { TRAITS } from "../entity-profile.js";
import type { FeatureGroup } from "../feature-row.js";
import { TOPICS } from "../word-lists.js";

/**
 * Features for each pair of a caption's topic and a candidate's trait. For example, a premiere is a topic that suggests
 * an actor, and a statue suggests a candidate born long ago.
 */
export const topics: FeatureGroup = {
  features: TOPICS.flatMap((topic) => TRAITS.map((trait) => `${topic} × ${trait}`)),
  fill: ({ caption }, { profile }, row) => {
    for (const topic of caption.topics)
      for (const trait of profile.traits) row.put(topic * TRAITS.length + trait, 1);
  },
};
