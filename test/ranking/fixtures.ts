import fc from "fast-check";
import type { Candidate, CaptionCandidates, Mention } from "../../src/core/index.js";
import type { MentionScores, PairSimilarity } from "../../src/models/model.js";
import type { Ranked } from "../../src/ranking/index.js";

/** A generated candidate: entity, m and feature (a point on a line). */
export interface Drawn {
  readonly id: string;
  readonly match: number | undefined;
  readonly feature: number;
  readonly nameScore: number;
}

export interface DrawnMention {
  readonly mention: Mention;
  readonly candidates: readonly Drawn[];
}

/** S falls with the distance of two points; `combine` is their mean. */
export const line: PairSimilarity<number> = {
  combine: (a, b) => (a + b) / 2,
  similarities: async (left, right) =>
    Float64Array.from(left.flatMap((a) => right.map((b) => 1 / (1 + Math.exp(Math.abs(a - b) - 0.3 * b))))),
};

/** The same similarity for every pair. */
export const constant = (s: number): PairSimilarity<number> => ({
  combine: line.combine,
  similarities: async (left, right) => new Float64Array(left.length * right.length).fill(s),
});

export const candidate = (id: string, nameScore = 0.5): Candidate => ({
  entity: { id, label: id, aliases: [], properties: {}, images: [] },
  nameScore,
  names: { subsequence: nameScore, prefix: nameScore, edit: nameScore },
  matchedName: id,
});

export function asInput(mentions: readonly DrawnMention[]): {
  readonly caption: CaptionCandidates;
  readonly scores: MentionScores<number>[];
} {
  return {
    caption: {
      caption: { id: "c", text: "", mentions: mentions.map(({ mention }) => mention) },
      candidates: mentions.map((m) => m.candidates.map(({ id, nameScore }) => candidate(id, nameScore))),
    },
    scores: mentions.map(({ candidates }) => ({
      match: candidates.map(({ match }) => match),
      features: candidates.map(({ match, feature }) => (match === undefined ? undefined : feature)),
    })),
  };
}

/** Few values, so that ties are common. */
const coarse = fc.integer({ min: 1, max: 9 }).map((n) => n / 10);
const fine = fc.double({ min: 0.001, max: 0.999, noNaN: true });

export interface Draw {
  readonly mentions?: number;
  readonly candidates?: number;
  readonly unscored?: boolean;
}

/** Generates captions whose mentions differ in (start, text). */
export const drawnCaption = ({ mentions = 4, candidates = 5, unscored = true }: Draw = {}) =>
  fc
    .array(
      fc.uniqueArray(
        fc.record({
          id: fc.integer({ min: 0, max: 30 }).map((n) => `Q${n}`),
          match: unscored
            ? fc.option(fc.oneof(coarse, fine), { nil: undefined, freq: 5 })
            : fc.oneof(coarse, fine),
          feature: fc.oneof(fc.integer({ min: 0, max: 3 }), fine),
          nameScore: coarse,
        }),
        { selector: ({ id }) => id, maxLength: candidates },
      ),
      { minLength: 1, maxLength: mentions },
    )
    .map((lists) =>
      lists.map(
        (candidates, i): DrawnMention => ({
          mention: i % 2 === 1 ? { text: `name ${i}` } : { text: "name", span: { start: i, end: i + 4 } },
          candidates,
        }),
      ),
    );

/** Ranked lists by mention, to compare them independently of the mentions' order. */
export const byMention = (mentions: readonly DrawnMention[], ranked: readonly (readonly Ranked[])[]) =>
  new Map(mentions.map(({ mention }, at) => [mention, ranked[at]]));
