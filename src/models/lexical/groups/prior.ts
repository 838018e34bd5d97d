import { TRAITS } from "../entity-profile.js";
import { type FeatureGroup, positions } from "../feature-row.js";

const FEATURES = [
  "popularity",
  "values",
  "properties",
  "occupations",
  "languages",
  "schools",
  "aliases",
  "description words",
  "kin known",
  "school known",
  "language known",
  "religion known",
  "work start known",
  "death known",
  "nickname known",
] as const;
const F = positions(FEATURES);

/**
 * Features that do not depend on the caption: the candidate's popularity, how much information the knowledge base contains
 * about the candidate, and its traits.
 */
export const prior: FeatureGroup = {
  features: [...FEATURES, ...TRAITS],
  fill: (_, { profile }, row) => {
    const { entity, values } = profile;
    row.put(F.popularity, Math.log1p(entity.popularity ?? 0));
    row.put(F.values, Math.log1p(profile.valueCount));
    row.put(F.properties, profile.propertyCount / 8);
    row.put(F.occupations, Math.log1p(values.occupation.length));
    row.put(F.languages, Math.log1p(values.language.length));
    row.put(F.schools, Math.log1p(values.school.length));
    row.put(F.aliases, Math.log1p(entity.aliases.length));
    row.put(F["description words"], Math.log1p(profile.descriptionWords));
    if (values.kin.length > 0) row.put(F["kin known"], 1);
    if (values.school.length > 0) row.put(F["school known"], 1);
    if (values.language.length > 0) row.put(F["language known"], 1);
    if (values.religion.length > 0) row.put(F["religion known"], 1);
    if (profile.workStart !== undefined) row.put(F["work start known"], 1);
    if (profile.death !== undefined) row.put(F["death known"], 1);
    if (values.nickname.length > 0) row.put(F["nickname known"], 1);
    for (const trait of profile.traits) row.put(FEATURES.length + trait, 1);
  },
};
