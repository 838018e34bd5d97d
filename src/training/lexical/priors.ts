import { FEATURE_NAMES } from "../../models/lexical/features.js";
import { RELATIONS } from "../../models/lexical/relations.js";
import { OWN_FIELD } from "../../models/lexical/word-lists.js";

/**
 * Where the penalty holds the weights of features that the training captions say little or nothing of: their knowledge
 * base has people only, without popularity, aliases or descriptions. Set by hand; every other weight is held at 0.
 */
const HELD: Readonly<Record<string, number>> = {
  "prior/popularity": 0.5,
  "name/exact alias": -0.2,
  "words/other": 1.5,
  ...Object.fromEntries(
    Object.entries(OWN_FIELD).map(([topic, field]) => [`topics/${topic} × ${field}`, 1] as const),
  ),
};

/** The same for the relations of two entities. */
const HELD_RELATIONS: Readonly<Record<string, number>> = { other: 1, names: 1 };

export const PRIOR: Float64Array = Float64Array.from(FEATURE_NAMES, (name) => HELD[name] ?? 0);
export const RELATION_PRIOR: Float64Array = Float64Array.from(RELATIONS, (name) => HELD_RELATIONS[name] ?? 0);
