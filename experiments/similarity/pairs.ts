import type { Random } from "../../src/core/index.js";
import type { RelatedEntity } from "../../src/models/lexical/pair-evidence.js";
import type { RankedCaption, RankedMention } from "./captions.js";

/** An ordered pair of a caption's golds (a, b). */
export interface OrderedPair {
  readonly a: RelatedEntity;
  /** A gold of another caption. */
  readonly stranger: RelatedEntity;
  readonly b: RelatedEntity;
  /** The other candidates of b's mention without a, ordered by descending m. */
  readonly rivals: readonly RelatedEntity[];
}

const idOf = ({ profile }: RelatedEntity): string => profile.entity.id;
const goldOf = ({ entities, gold }: RankedMention): RelatedEntity[] => (gold < 0 ? [] : [entities[gold]!]);

/** Returns the ordered pairs of golds whose mentions have rivals. */
export function orderedPairs(captions: readonly RankedCaption[], random: Random): readonly OrderedPair[] {
  const golds = captions.map(({ mentions }) => mentions.flatMap(goldOf));
  return captions.flatMap(({ mentions }, at) => {
    const own = new Set(golds[at]!.map(idOf));
    const strangerTo = (): RelatedEntity => {
      for (;;) {
        const list = golds[random.below(golds.length)]!;
        const drawn = list[random.below(Math.max(1, list.length))];
        if (drawn !== undefined && !own.has(idOf(drawn))) return drawn;
      }
    };
    return mentions.flatMap((right) =>
      goldOf(right).flatMap((b) =>
        mentions.flatMap(goldOf).flatMap((a) => {
          const rivals = right.entities.filter((one) => ![idOf(a), idOf(b)].includes(idOf(one)));
          return idOf(a) === idOf(b) || rivals.length === 0 ? [] : [{ a, b, rivals, stranger: strangerTo() }];
        }),
      ),
    );
  });
}

/** Computes logit S of an entity and each of a list of entities. */
export type Logits = (a: RelatedEntity, list: readonly RelatedEntity[]) => readonly number[];

/**
 * Returns the mean share of the first `count` rivals b' for which S(a, b) > S(a, b'), and the same with the stranger in
 * place of a. A tie counts one half.
 */
export function shareAbove(
  pairs: readonly OrderedPair[],
  logits: Logits,
  count: number,
): readonly [number, number] {
  const mean = (partner: "a" | "stranger"): number =>
    pairs.reduce((sum, pair) => {
      const rivals = pair.rivals.slice(0, count);
      const [gold, ...wrong] = logits(pair[partner], [pair.b, ...rivals]) as [number, ...number[]];
      const above = wrong.reduce((won, logit) => won + (Math.sign(gold - logit) + 1) / 2, 0);
      return sum + above / rivals.length / pairs.length;
    }, 0);
  return [mean("a"), mean("stranger")];
}
