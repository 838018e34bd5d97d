import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCandidateSource, measureRecall } from "../../src/candidates/index.js";
import { MAX_UNITS, Pattern } from "../../src/candidates/pattern.js";
import type { Candidate } from "../../src/core/index.js";
import { fold } from "../../src/names/index.js";
import { ask, entities, mentionText, named, personName } from "./names.js";
import { naive, nameScore, vocabularyOf } from "./reference.js";

const text = fc.oneof(
  fc.string({ unit: fc.constantFrom(..."abcé "), maxLength: 90 }),
  fc.string({ unit: "grapheme", maxLength: 60 }),
);

describe("Pattern", () => {
  it("agrees with the textbook algorithms in both directions, across machine words and with reused memory", () => {
    const pattern = new Pattern();
    fc.assert(
      fc.property(text, text, (a, b) => {
        const expected = naive(a, b);
        expect(a.length).toBeLessThanOrEqual(MAX_UNITS);
        const all = Uint16Array.from({ length: b.length + 2 }, (_, at) => `##${b}`.charCodeAt(at));
        pattern.set(a);
        const got = {
          subsequence: pattern.subsequence(all, 2, all.length),
          distance: pattern.distance(all, 2, all.length),
          prefix: pattern.prefix(all, 2, all.length),
        };
        expect(got).toEqual(expected);
        expect(naive(b, a)).toEqual(expected);
      }),
      { numRuns: 400 },
    );
  });
});

describe("candidates", () => {
  it("are exactly the entities above the score floor, with the scores of the formula", async () => {
    await fc.assert(
      fc.asyncProperty(entities, mentionText, async (kb, mention) => {
        const list = await ask(createCandidateSource(kb, { exact: true }), mention, kb.length);
        const known = vocabularyOf(kb.flatMap(({ label, aliases }) => [label, ...aliases]));
        const got = new Map(list.map(({ entity, nameScore }) => [entity.id, nameScore]));
        for (const { id, label, aliases } of kb) {
          const expected = Math.max(...[label, ...aliases].map((name) => nameScore(mention, name, known)));
          expect(got.get(id) ?? 0, `${mention} | ${label} | ${aliases.join(" | ")}`).toBeCloseTo(expected, 9);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("with a limit are the first of those without", async () => {
    await fc.assert(
      fc.asyncProperty(entities, mentionText, fc.integer({ min: 1, max: 8 }), async (kb, mention, limit) => {
        const source = createCandidateSource(kb, { exact: true });
        const all = await ask(source, mention, kb.length);
        expect(await ask(source, mention, limit)).toEqual(all.slice(0, limit));
      }),
      { numRuns: 300 },
    );
  });

  it("are sorted by score, popularity and id, with scores and parts in [0, 1]", async () => {
    await fc.assert(
      fc.asyncProperty(entities, mentionText, async (kb, mention) => {
        const list = await ask(createCandidateSource(kb), mention);
        for (const { nameScore: score, names } of list) {
          for (const value of [score, ...Object.values(names)]) {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1);
          }
        }
        const key = ({ nameScore: score, entity }: (typeof list)[number]) =>
          [-score, -(entity.popularity ?? -1), entity.id] as const;
        const sorted = list.toSorted((a, b) => {
          const [x, y] = [key(a), key(b)];
          return x[0] - y[0] || x[1] - y[1] || (x[2] < y[2] ? -1 : 1);
        });
        expect(list).toEqual(sorted);
      }),
    );
  });

  it("rank equal folded names first, and only those have score 1", async () => {
    await fc.assert(
      fc.asyncProperty(entities, fc.nat(), async (kb, which) => {
        const { label } = kb[which % kb.length]!;
        const list = await ask(createCandidateSource(kb), label);
        const equal = kb.filter((entity) =>
          [entity.label, ...entity.aliases].some((name) => fold(name) === fold(label)),
        );
        expect(list.slice(0, equal.length).map(({ nameScore: score }) => score)).toEqual(equal.map(() => 1));
        expect(
          list
            .filter(({ nameScore: score }) => score === 1)
            .map(({ entity }) => entity.id)
            .sort(),
        ).toEqual(equal.map(({ id }) => id).sort());
        expect(list[0]!.names).toEqual({ subsequence: 1, prefix: 1, edit: 1 });
        expect(fold(list[0]!.matchedName)).toBe(fold(label));
      }),
    );
  });

  it("do not depend on case, accents or white space", async () => {
    await fc.assert(
      fc.asyncProperty(entities, personName, async (kb, name) => {
        const source = createCandidateSource(kb);
        const list = await ask(source, name);
        expect(await ask(source, name.toUpperCase())).toEqual(list);
        expect(await ask(source, name.toLowerCase())).toEqual(list);
        expect(await ask(source, ` ${name.normalize("NFD").replaceAll(" ", "  ")} `)).toEqual(list);
        expect(await ask(source, name.replace(/[\u0300-\u036f]/g, ""))).toEqual(list);
      }),
    );
  });

  it("do not depend on the order of import", async () => {
    await fc.assert(
      fc.asyncProperty(entities, mentionText, fc.infiniteStream(fc.nat()), async (kb, mention, order) => {
        const keys = new Map(kb.map(({ id }) => [id, order.next().value as number]));
        const shuffled = kb.toSorted((a, b) => keys.get(a.id)! - keys.get(b.id)!);
        expect(await ask(createCandidateSource(shuffled), mention)).toEqual(
          await ask(createCandidateSource(kb), mention),
        );
      }),
    );
  });

  it("from the index equal those from comparing every name", async () => {
    await fc.assert(
      fc.asyncProperty(entities, mentionText, fc.integer({ min: 0, max: 12 }), async (kb, mention, limit) => {
        const every = await ask(createCandidateSource(kb, { exact: true }), mention, limit);
        expectSame(await ask(createCandidateSource(kb), mention, limit), every, mention);
      }),
      { numRuns: 500 },
    );
  });

  it("from a large index equal those from comparing every name, also for misspelt and common names", async () => {
    const names = fc.sample(personName, { numRuns: 3000, seed: 7 });
    const kb = names.map((label, at) => named(`Q${at}`, label, { popularity: at % 7 }));
    const mentions = fc.sample(mentionText, { numRuns: 300, seed: 8 });
    const exact = createCandidateSource(kb, { exact: true });
    const lookedUp = createCandidateSource(kb);
    for (const mention of mentions)
      expectSame(await ask(lookedUp, mention, 20), await ask(exact, mention, 20), mention);
    expect(await measureRecall(exact, exact, mentions, 20)).toMatchObject({ recall: 1, equalLists: 1 });
  });

  it("are no longer compared once measureRecall is aborted", async () => {
    const source = createCandidateSource([named("Q1", "Anna")]);
    const names = Array.from({ length: 10_000 }, () => "Anna");
    const controller = new AbortController();
    let compared = 0;
    setImmediate(() => controller.abort());
    const measuring = measureRecall(source, source, names, 20, {
      signal: controller.signal,
      onProgress: (done) => {
        compared = done;
      },
    });
    await expect(measuring).rejects.toMatchObject({ code: "ABORTED" });
    expect(compared).toBeLessThan(names.length);
  });
});

/** Expects the same candidates, except among those with the last score, which rounding may reorder. */
function expectSame(list: readonly Candidate[], expected: readonly Candidate[], mention: string): void {
  expect(list.length, mention).toBe(expected.length);
  const least = (expected.at(-1)?.nameScore ?? 0) + 1e-9;
  const above = (all: readonly Candidate[]) => all.filter(({ nameScore: score }) => score > least);
  expect(above(list), mention).toEqual(above(expected));
  for (const [at, { nameScore: score }] of list.entries())
    expect(score, mention).toBeCloseTo(expected[at]!.nameScore, 9);
}
