import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Candidate, CaptionCandidates } from "../../src/core/index.js";
import type { MentionScores, PairEvidence } from "../../src/models/model.js";
import { decideCaption, NIL } from "../../src/models/together/index.js";

/** A candidate with its m and its feature: two candidates are related by the product of their features. */
interface Drawn {
  readonly id: string;
  readonly match: number;
  readonly feature: number;
}

const evidence: PairEvidence<number> = {
  pairs: (left, right) =>
    left.flatMap((a, l) =>
      right.flatMap((b, r) => (a * b === 0 ? [] : [{ left: l, right: r, logit: a * b }])),
    ),
  fact: (left) => ({ holder: "left", property: `${left}` }),
};

const candidate = (id: string): Candidate => ({
  entity: { id, label: id, aliases: [], properties: { type: ["place"] }, images: [] },
  nameScore: 0.5,
  names: { subsequence: 0, prefix: 0, edit: 0 },
  matchedName: id,
});

function inputOf(mentions: readonly (readonly Drawn[])[]): {
  caption: CaptionCandidates;
  scores: MentionScores<number>[];
} {
  return {
    caption: {
      caption: {
        id: "c",
        text: "",
        mentions: mentions.map((_, at) => ({ text: `name${at}`, span: { start: at, end: at + 1 } })),
      },
      candidates: mentions.map((list) => list.map(({ id }) => candidate(id))),
    },
    scores: mentions.map((list) => ({
      match: list.map(({ match }) => match),
      features: list.map(({ feature }) => feature),
    })),
  };
}

async function sharesOf(mentions: readonly (readonly Drawn[])[]): Promise<number[][]> {
  const { caption, scores } = inputOf(mentions);
  const decided = await decideCaption(caption, scores, evidence);
  return mentions.map((list, i) => list.map(({ match }, at) => decided[i]?.share(at) ?? match));
}

/** The marginal probabilities by summing over all assignments, with NIL as an additional candidate. */
function byEnumeration(mentions: readonly (readonly Drawn[])[]): number[][] {
  const sums = mentions.map((list) => list.map(() => 0));
  const visit = (chosen: number[], weight: number): void => {
    const i = chosen.length;
    if (i === mentions.length) {
      chosen.forEach((at, mention) => {
        if (at >= 0) sums[mention]![at]! += weight;
      });
      return;
    }
    visit([...chosen, -1], weight * NIL);
    mentions[i]!.forEach(({ match, feature }, at) => {
      const factors = chosen.map((other, j) =>
        other < 0 ? 1 : Math.exp(feature * mentions[j]![other]!.feature),
      );
      visit(
        [...chosen, at],
        factors.reduce((product, factor) => product * factor, weight * (1 - NIL) * match),
      );
    });
  };
  visit([], 1);
  return sums.map((list) => {
    const total = list.reduce((sum, value) => sum + value, 0);
    return list.map((value) => value / total);
  });
}

/** Mentions with different candidates, whose m sum to 1. */
const mentions = (least: number, most: number) =>
  fc
    .array(
      fc.array(
        fc.record({
          match: fc.integer({ min: 1, max: 9 }),
          feature: fc.constantFrom(0, 0, 0.5, 1, -1, 2),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      { minLength: least, maxLength: most },
    )
    .map((lists) =>
      lists.map((list, i) => {
        const total = list.reduce((sum, { match }) => sum + match, 0);
        return list.map(({ match, feature }, at) => ({ id: `${i}/${at}`, match: match / total, feature }));
      }),
    );

describe("deciding the mentions of a caption together", () => {
  it("gives the exact marginal probabilities of two to four mentions", () =>
    fc.assert(
      fc.asyncProperty(mentions(2, 4), async (drawn) => {
        const found = await sharesOf(drawn);
        byEnumeration(drawn).forEach((list, i) => {
          list.forEach((share, at) => {
            expect(found[i]![at]).toBeCloseTo(share, 9);
          });
        });
      }),
    ));

  it("does not depend on the order of candidates or mentions", () =>
    fc.assert(
      fc.asyncProperty(mentions(2, 5), async (drawn) => {
        const { caption, scores } = inputOf(drawn);
        const turned = {
          caption: {
            caption: { ...caption.caption, mentions: caption.caption.mentions.toReversed() },
            candidates: caption.candidates.map((list) => list.toReversed()).reverse(),
          },
          scores: scores
            .map(({ match, features }) => ({ match: match.toReversed(), features: features.toReversed() }))
            .reverse(),
        };
        const [one, two] = [
          await decideCaption(caption, scores, evidence),
          await decideCaption(turned.caption, turned.scores, evidence),
        ];
        drawn.forEach((list, i) => {
          list.forEach((_, at) => {
            expect(two[drawn.length - 1 - i]!.share(list.length - 1 - at)).toBe(one[i]!.share(at));
          });
        });
      }),
    ));

  it("keeps m without evidence, and the sum of m with evidence", async () => {
    const strangers = [
      [
        { id: "a", match: 0.7, feature: 0 },
        { id: "b", match: 0.2, feature: 0 },
      ],
      [{ id: "c", match: 0.5, feature: 1 }],
    ];
    expect(await sharesOf(strangers)).toEqual([[0.7, 0.2], [0.5]]);
    const [[first, second] = []] = await sharesOf([
      strangers[0]!.map((drawn, at) => ({ ...drawn, feature: at })),
      strangers[1]!,
    ]);
    expect(second!).toBeGreaterThan(0.2);
    expect(first! + second!).toBeCloseTo(0.9, 12);
  });

  it("names the candidate that supports another one most", async () => {
    const { caption, scores } = inputOf([
      [{ id: "a", match: 1, feature: 1 }],
      [
        { id: "b", match: 0.5, feature: 2 },
        { id: "c", match: 0.5, feature: 0.1 },
      ],
      [{ id: "d", match: 1, feature: 0 }],
    ]);
    const decided = await decideCaption(caption, scores, evidence);
    expect(decided[0]!.support(0)).toMatchObject({
      text: "name1",
      entity: { id: "b" },
      fact: { holder: "left", property: "1" },
    });
    expect(decided[2]!.support(0)).toBeUndefined();
  });

  it("lets two names that are not alike mean the same entity only if little speaks against it", async () => {
    const shared = (match: number) => [
      { id: "same", match, feature: 0 },
      { id: "other", match: 1 - match, feature: 0 },
    ];
    const [left] = await sharesOf([shared(0.6), [{ id: "same", match: 0.9, feature: 0 }]]);
    expect(left![1]).toBeGreaterThan(0.7);
  });

  it("decides a caption with 300 mentions", async () => {
    const many = Array.from({ length: 300 }, (_, i) =>
      Array.from({ length: 100 }, (_, at) => ({ id: `${i}/${at}`, match: 0.01, feature: at === 7 ? 1 : 0 })),
    );
    const shares = await sharesOf(many);
    expect(shares[299]![7]).toBeGreaterThan(shares[299]![8]!);
  });
});
