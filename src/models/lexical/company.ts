import type { Profile } from "./entity-profile.js";
import { mixOffers, type Offers, relate, type Ties } from "./relations.js";
import type { MentionScene } from "./scene.js";

/** Of each other mention so many best candidates count. */
const STRONG = 8;

/**
 * For each mention and candidate its relations with the other mentions' likely entities: the mean over the other
 * mentions of the relation expected under the softmax of their best candidates' own scores l.
 * A caption with one mention has none.
 */
export function companyOf(
  mentions: readonly MentionScene[],
  scores: readonly Float64Array[],
  ties: (profile: Profile) => Ties,
): readonly (readonly Float64Array[])[] {
  if (mentions.length < 2) return mentions.map(() => []);
  const own = mentions.map(({ subjects }, at) =>
    likely(
      subjects.map(({ profile }) => profile),
      scores[at]!,
      ties,
    ),
  );
  const all = sumOf(own);
  return mentions.map(({ subjects }, at) =>
    subjects.map(({ profile }) => {
      const together = relate(ties(profile), all);
      const itself = relate(ties(profile), own[at]!);
      return together.map((value, relation) => (value - itself[relation]!) / (mentions.length - 1));
    }),
  );
}

function sumOf(offers: readonly Offers[]): Offers {
  const sum = new Map<string, number>();
  for (const one of offers) for (const [key, value] of one) sum.set(key, (sum.get(key) ?? 0) + value);
  return sum;
}

/** What the mention's likely entities offer. Taken in the order of score and id, so the order of candidates cannot matter. */
function likely(
  profiles: readonly Profile[],
  scores: Float64Array,
  ties: (profile: Profile) => Ties,
): Offers {
  const best = profiles
    .map((profile, at) => ({ profile, score: scores[at]! }))
    .sort((a, b) => b.score - a.score || (a.profile.entity.id < b.profile.entity.id ? -1 : 1))
    .slice(0, STRONG);
  const weights = best.map(({ score }) => Math.exp(score - best[0]!.score));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return mixOffers(best.map(({ profile }, at) => [ties(profile), weights[at]! / total] as const));
}
