import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Candidate, CaptionCandidates } from "../../src/core/index.js";
import { createCascade, type Selection } from "../../src/models/cascade/index.js";
import { contextWords, entityWords, networkWeight } from "../../src/models/cascade/network-weight.js";
import { select } from "../../src/models/cascade/select.js";
import { type MmelScorer, mmelConfigSchema } from "../../src/models/mmel/index.js";
import type { Model } from "../../src/models/model.js";
import { logShares } from "../../src/models/softmax.js";
import { rankCaption } from "../../src/ranking/index.js";

const config = mmelConfigSchema.parse({
  variant: "MMEL-onlytext",
  d: 8,
  loss: "listwise",
  lexicalPrior: true,
});

/** The scores of both stages for a candidate. */
interface Opinion {
  readonly id: string;
  readonly first: number;
  readonly logit: number;
}

const captionOf = (...mentions: readonly (readonly Opinion[])[]): CaptionCandidates => ({
  caption: { id: "c", text: "x y", mentions: mentions.map((_, at) => ({ text: "xy".charAt(at) })) },
  candidates: mentions.map((opinions) =>
    opinions.map(
      ({ id }): Candidate => ({
        entity: { id, label: id, aliases: [], properties: {}, images: [] },
        nameScore: 0.5,
        names: { subsequence: 0, prefix: 0, edit: 0 },
        matchedName: id,
      }),
    ),
  ),
});

/** `related` is a pair of candidates with its logit S. */
function cascadeOf(
  opinions: readonly Opinion[],
  selection: Selection,
  related?: { readonly pair: readonly [string, string]; readonly logit: number },
  contextWeight?: number,
) {
  const byId = new Map(opinions.map((opinion) => [opinion.id, opinion]));
  const passed: string[] = [];
  const each = <T>(captions: readonly CaptionCandidates[], score: (opinions: Opinion[]) => T): T[][] =>
    captions.map(({ candidates }) =>
      candidates.map((list) => score(list.map(({ entity }) => byId.get(entity.id)!))),
    );
  const close = async (): Promise<void> => {};
  const first: Model<string> = {
    name: "first",
    hash: "1",
    score: async (captions) =>
      each(captions, (list) => ({ match: list.map((o) => o.first), features: list.map(({ id }) => id) })),
    ...(related && {
      evidence: {
        pairs: (lefts, rights) => {
          const [a, b] = related.pair;
          return [
            [a, b],
            [b, a],
          ].flatMap(([one, other]) => {
            const [left, right] = [lefts.indexOf(one!), rights.indexOf(other!)];
            return left < 0 || right < 0 ? [] : { left, right, logit: related.logit };
          });
        },
      },
    }),
    close,
    [Symbol.asyncDispose]: close,
  };
  const scorer: MmelScorer = {
    logits: async (captions) =>
      each(captions as readonly CaptionCandidates[], (list) => {
        passed.push(...list.map(({ id }) => id));
        return { logits: list.map((o) => o.logit), features: list.map(() => new Float32Array(8)) };
      }),
    similarities: async () => new Float64Array(),
  };
  const model = createCascade({
    ...{ name: "c", hash: "2", first, config, scorer, release: close, selection, contextWeight },
  });
  return { model, passed };
}

/** First-stage probabilities that sum to 1, some of them equal. */
const opinions: fc.Arbitrary<Opinion[]> = fc
  .array(
    fc.record({ first: fc.integer({ min: 0, max: 6 }), logit: fc.double({ min: -9, max: 9, noNaN: true }) }),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((rows) => {
    const total = rows.reduce((sum, { first }) => sum + 2 ** first, 0);
    return rows.map(({ first, logit }, at) => ({ id: `e${at}`, first: 2 ** first / total, logit }));
  });
const selections = fc.record({
  most: fc.integer({ min: 1, max: 20 }),
  least: fc.integer({ min: 1, max: 6 }),
  doubt: fc.constantFrom(0, 0.001, 0.1, 0.5),
});

describe("select", () => {
  it("selects the best of the first stage within the bounds and the doubt, with ties of the last", () => {
    fc.assert(
      fc.property(opinions, selections, (all, selection) => {
        const match = all.map(({ first }) => first);
        const chosen = select(match, selection);
        const rest = match.filter((_, at) => !chosen.includes(at));
        expect(chosen).toEqual([...new Set(chosen)].sort((a, b) => a - b));
        const last = Math.min(...chosen.map((at) => match[at]!));
        for (const m of rest) expect(m).toBeLessThan(last);
        const strict = chosen.filter((at) => match[at]! > last).length; // without the last and its ties
        expect(strict).toBeLessThan(selection.most);
        expect(chosen.length).toBeGreaterThanOrEqual(Math.min(selection.least, selection.most, all.length));
        const left = rest.reduce((sum, m) => sum + m, 0);
        if (chosen.length < Math.min(selection.most, all.length))
          expect(left).toBeLessThanOrEqual(selection.doubt + 1e-9);
      }),
    );
  });

  it("selects more candidates the less certain the first stage is", () => {
    const selection = { most: 16, least: 2, doubt: 0.001 };
    expect(select([0.9995, 0.0003, 0.0001, 0.0001], selection)).toEqual([0, 1]);
    expect(select([0.25, 0.25, 0.25, 0.25], { ...selection, most: 3 })).toEqual([0, 1, 2, 3]);
    expect(select([0.4, 0.3, 0.2, 0.1], { ...selection, most: 3 })).toEqual([0, 1, 2]);
    expect(select([0.1, 0.9], { ...selection, least: 1, doubt: 0.5 })).toEqual([1]);
    expect(select([], selection)).toEqual([]);
  });
});

describe("createCascade", () => {
  it("gives each candidate the same scores in any order", async () => {
    await fc.assert(
      fc.asyncProperty(opinions, selections, fc.infiniteStream(fc.nat()), async (all, selection, keys) => {
        const order = all.map((opinion) => ({ opinion, key: keys.next().value as number }));
        const shuffled = order.sort((a, b) => a.key - b.key).map(({ opinion }) => opinion);
        const scoresById = async (list: Opinion[]) => {
          const { model } = cascadeOf(all, selection);
          const [[mention]] = (await model.score([captionOf(list)])) as never as [
            [{ match: (number | undefined)[]; firstStage: number[] }],
          ];
          return new Map(list.map(({ id }, at) => [id, [mention.match[at], mention.firstStage[at]]]));
        };
        const before = await scoresById(all);
        for (const [id, scores] of await scoresById(shuffled)) expect(scores).toEqual(before.get(id));
      }),
    );
  });

  it("redistributes the selected candidates' total m by softmax of logit plus log m, and passes no others to the network", async () => {
    await fc.assert(
      fc.asyncProperty(opinions, selections, async (all, selection) => {
        const { model, passed } = cascadeOf(all, selection);
        const { match } = (await model.score([captionOf(all)]))[0]![0]!;
        const chosen = select(
          all.map(({ first }) => first),
          selection,
        );
        expect(passed).toEqual(chosen.length > 1 ? chosen.map((at) => all[at]!.id) : []);
        const together = chosen.reduce((sum, at) => sum + all[at]!.first, 0);
        const power = (at: number) => all[at]!.first * Math.exp(all[at]!.logit);
        const total = chosen.reduce((sum, at) => sum + power(at), 0);
        match.forEach((m, at) => {
          if (chosen.includes(at)) expect(m).toBeCloseTo((together * power(at)) / total, 9);
          else expect(m).toBeUndefined();
        });
      }),
    );
  });

  it("ranks candidates that were not selected below all others, in the first stage's order", async () => {
    await fc.assert(
      fc.asyncProperty(opinions, async (all) => {
        const selection = { most: 3, least: 1, doubt: 0.1 };
        const { model } = cascadeOf(all, selection);
        const caption = captionOf(all);
        const [ranked] = await rankCaption(caption, (await model.score([caption]))[0]!, model);
        const passed = select(
          all.map(({ first }) => first),
          selection,
        ).length;
        const firsts = ranked!.map(
          ({ candidate }) => all.find(({ id }) => id === candidate.entity.id)!.first,
        );
        ranked!.forEach(({ match, score }, place) => {
          expect(match !== undefined).toBe(place < passed);
          if (place >= passed) expect(score).toBeLessThanOrEqual(0);
          if (place > passed) expect(firsts[place]).toBeLessThanOrEqual(firsts[place - 1]!);
        });
      }),
    );
  });
});

describe("a cascade whose mentions are resolved together", () => {
  const mention = [
    { id: "partner", first: 0.1, logit: 0 },
    { id: "likely", first: 0.55, logit: 0 },
    { id: "other", first: 0.35, logit: 0 },
  ];
  const companion = [{ id: "companion", first: 1, logit: 0 }];
  const caption = captionOf(mention, companion);
  const selection = { most: 1, least: 1, doubt: 0 };
  const ranked = async (logit: number) => {
    const { model } = cascadeOf([...mention, ...companion], selection, {
      pair: ["partner", "companion"],
      logit,
    });
    return (await rankCaption(caption, (await model.score([caption]))[0]!, model))[0]!;
  };

  it("gives candidates that were not selected their share next to the other mentions", async () => {
    for (const logit of [0, 2, 4, 8]) {
      const list = await ranked(logit);
      const odds = (0.1 + 0.9 * Math.exp(logit)) * 0.1; // 0.1 is NIL
      for (const { candidate, share } of list) {
        const { first } = mention.find(({ id }) => id === candidate.entity.id)!;
        const own = candidate.entity.id === "partner" ? odds : first;
        expect(share).toBeCloseTo(own / (odds + 0.9), 6);
      }
    }
  });

  it("gives the candidates of a mention shares that sum to 1", async () => {
    await fc.assert(
      fc.asyncProperty(
        opinions,
        opinions,
        selections,
        fc.integer({ min: -6, max: 6 }),
        async (one, two, chosen, logit) => {
          const other = two.map(({ id, ...rest }) => ({ ...rest, id: `other ${id}` }));
          const pair = [one[0]!.id, other[0]!.id] as const;
          const { model } = cascadeOf([...one, ...other], chosen, { pair, logit });
          const both = captionOf(one, other);
          for (const list of await rankCaption(both, (await model.score([both]))[0]!, model))
            expect(list.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 4);
        },
      ),
    );
  });

  it("ranks them below the selected ones, by that share", async () => {
    for (const { match, score, share } of await ranked(8))
      expect(score).toBeCloseTo(match === undefined ? share - 1 : share, 9);
  });
});

describe("a cascade whose network counts by the words of the caption", () => {
  const saying = (text: string, ...mentions: readonly (readonly Opinion[])[]): CaptionCandidates => {
    const { caption, candidates } = captionOf(...mentions);
    const described = candidates.map((list) =>
      list.map((candidate) => ({ ...candidate, entity: { ...candidate.entity, description: wordsOf(12) } })),
    );
    return { caption: { ...caption, text }, candidates: described };
  };
  /** Returns a text with the given number of different words. */
  const wordsOf = (count: number) =>
    Array.from({ length: count }, (_, at) => `word${"a".repeat(at)}`).join(" ");
  const selection = { most: 20, least: 2, doubt: 0 };

  it("multiplies the logits by a · ln(1 + words of the shorter text), two more for the caption, if there is no other name", async () => {
    await fc.assert(
      fc.asyncProperty(opinions, fc.integer({ min: 0, max: 30 }), async (all, words) => {
        const plain = cascadeOf(
          all.map((one) => ({ ...one, logit: 0.7 * Math.log1p(Math.min(words + 2, 12)) * one.logit })),
          selection,
        );
        const weighted = cascadeOf(all, selection, undefined, 0.7);
        const caption = saying(`x ${wordsOf(words)} 1950`, all);
        const matches = async ({ model }: typeof plain) => (await model.score([caption]))[0]![0]!.match;
        const [a, b] = [await matches(plain), await matches(weighted)];
        a.forEach((m, at) => {
          if (m === undefined) expect(b[at]).toBeUndefined();
          else expect(b[at]).toBeCloseTo(m, 9);
        });
      }),
    );
  });

  it("does not ask the network about entities that have only names", async () => {
    const mention = [
      { id: "a", first: 0.6, logit: -9 },
      { id: "b", first: 0.4, logit: 9 },
    ];
    const { model, passed } = cascadeOf(mention, selection, undefined, 0.7);
    const [[scores]] = (await model.score([captionOf(mention)])) as never as [[{ match: number[] }]];
    expect(passed).toEqual([]);
    expect(scores.match).toEqual([0.6, 0.4]);
  });

  it("lets it change less the more the other names have decided", () => {
    const weights = [0.4, 0.6, 0.9, 0.999].map((share) =>
      networkWeight({ contextWeight: 1, words: 5, entityWords: 9 }, [0.4, 0.6], [share, 1 - share]),
    );
    expect(weights[0]).toBeCloseTo(Math.log(8), 12);
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
    expect(networkWeight({ contextWeight: 1, words: 5, entityWords: 9 }, [1, 0], [0, 1])).toBeGreaterThan(0);
  });

  it("counts the words besides the names in any script", () => {
    const words = (text: string, ...names: string[]) =>
      contextWords({ id: "c", text, mentions: names.map((name) => ({ text: name })) });
    expect(words("Ada Holm and her son Karl Holm, Oslo 1951", "Ada Holm", "Karl Holm")).toBe(4);
    expect(words("Ada Holm, 1951", "Ada Holm")).toBe(0);
    expect(words("阿达在河边画画", "阿达")).toBeGreaterThan(1);
    expect(words("Ann and Ann Marie", "Ann", "Ann Marie")).toBe(1);
    expect(words("the man with the dog", "dog")).toBe(3);
  });

  it("counts the different words of an entity's description and properties", () => {
    const entity = { id: "e", label: "Ada Holm", aliases: ["A. Holm"], images: [] };
    expect(entityWords({ ...entity, properties: {} })).toBe(0);
    const properties = { nationality: ["Norwegian"], birth: ["1901-02-03, Oslo"] };
    expect(entityWords({ ...entity, description: "Norwegian painter, born 1901", properties })).toBe(4);
  });
});

describe("logShares", () => {
  it("is log m, at least -30", () => {
    expect(logShares([1, Math.exp(-2), 1e-300, 0, undefined])).toEqual([0, -2, -30, -30, -30]);
  });
});
