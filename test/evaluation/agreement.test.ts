import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Caption, Gold } from "../../src/core/index.js";
import { compareDecisions } from "../../src/evaluation/index.js";

const gold = (id: string | null | undefined): Gold | undefined =>
  id === undefined ? undefined : id === null ? { kind: "nil" } : { kind: "entity", id };

/** One caption a mention, with these decisions. */
const captions = (ids: readonly (string | null | undefined)[]): Caption[] =>
  ids.map((id, at) => {
    const decision = gold(id);
    return {
      id: `c${at}`,
      text: "Jordan",
      mentions: [{ text: "Jordan", ...(decision && { gold: decision }) }],
    };
  });

const agreementOf = (a: readonly (string | null | undefined)[], b: readonly (string | null | undefined)[]) =>
  compareDecisions(captions(a), captions(b)).agreement;

const decisions = fc.constantFrom("x", "y", "nil", null, undefined);
const pairs = fc.array(fc.tuple(decisions, decisions), { minLength: 1, maxLength: 20 });

describe("compareDecisions", () => {
  it("computes the kappa of a textbook", () => {
    const times = (count: number, a: string, b: string | null) => Array(count).fill([a, b] as const);
    const all = [...times(20, "x", "x"), ...times(5, "x", null)];
    const others = [...Array(10).fill([null, "x"]), ...Array(15).fill([null, null])];
    const sides = [...all, ...others] as [string | null, string | null][];
    const result = agreementOf(
      sides.map(([a]) => a),
      sides.map(([, b]) => b),
    );
    expect(result.kappa!.value).toBeCloseTo(0.4);
    expect(result).toMatchObject({
      agreed: 35,
      nilAgainstEntity: 15,
      otherEntity: 0,
      agreement: { value: 0.7 },
    });
    const [low, high] = result.kappa!.interval95!;
    expect(low).toBeGreaterThan(0.05);
    expect(low).toBeLessThan(0.4);
    expect(high).toBeGreaterThan(0.4);
    expect(high).toBeLessThan(0.75);
  });

  it("is symmetric, at most 1, and 1 only without differences", () => {
    fc.assert(
      fc.property(pairs, (all) => {
        const [a, b] = [all.map(([one]) => one), all.map(([, two]) => two)];
        const result = agreementOf(a, b);
        const { kappa, agreement, mentions } = result;
        const swapped = agreementOf(b, a);
        expect(swapped.kappa?.value ?? 2).toBeCloseTo(kappa?.value ?? 2);
        expect(swapped.mentions.onlyFirst).toBe(mentions.onlySecond);
        expect(mentions.both + mentions.onlyFirst + mentions.onlySecond + mentions.undecided).toBe(
          all.length,
        );
        expect(result.agreed + result.nilAgainstEntity + result.otherEntity).toBe(mentions.both);
        expect(agreement === null).toBe(mentions.both === 0);
        if (mentions.both > 0) expect(agreement!.interval95 === null).toBe(mentions.both === 1);
        if (kappa === null) return;
        expect(kappa.value).toBeLessThanOrEqual(1);
        expect(kappa.value === 1).toBe(agreement!.value === 1);
      }),
      { numRuns: 30 },
    );
  });

  it("distinguishes NIL from an entity with the id nil, and does not compare captions with other texts", () => {
    expect(agreementOf(["nil"], [null])).toMatchObject({ agreed: 0, nilAgainstEntity: 1 });
    const [one] = captions(["x"]);
    const result = compareDecisions([one!], [{ ...one!, text: "Jordan." }]);
    expect(result.agreement.captions).toEqual({ first: 1, second: 1, both: 0, changed: 1 });
    expect(result.agreement).toMatchObject({ agreement: null, kappa: null });
  });
});
