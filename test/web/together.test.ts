import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Action,
  acceptAll,
  atLeast,
  choicesOf,
  decideAlike,
  type Filter,
  filtered,
  NO_FILTER,
  reduce,
  type State,
  sameAs,
  undecidedNames,
} from "../../web/src/review/index.js";
import { answerTo, item, opened, run } from "./states.js";

const WHO = { by: "J. D.", at: "2026-05-04T09:30:00.000Z" };

/** Captions with a name each, linked with these probabilities. */
function linkedWith(texts: readonly string[], probabilities: readonly (number | null)[]): State {
  const items = texts.map((text, at) => item(`c${at}`, text, text));
  return run(
    opened(...items),
    ...items.map(
      (one, at): Action => ({
        kind: "linked",
        item: one.id,
        asked: one.marks,
        links: answerTo(one, probabilities[at]!),
      }),
    ),
  );
}

const work = fc
  .array(
    fc.record({
      text: fc.constantFrom("Jordan", "JORDAN", "Pippen"),
      p: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    {
      maxLength: 8,
    },
  )
  .map((all) =>
    linkedWith(
      all.map(({ text }) => text),
      all.map(({ p }) => p),
    ),
  );

describe("accepting all suggestions above a probability", () => {
  it("is the sum of accepting each, and one undo restores all", () => {
    fc.assert(
      fc.property(work, fc.double({ min: 0, max: 1, noNaN: true }), (state, threshold) => {
        const names = atLeast(undecidedNames(state), threshold);
        const decisions = acceptAll(names, WHO);
        const together = reduce(state, { kind: "decide-all", decisions });
        const singly = run(state, ...decisions.map((one): Action => ({ kind: "decide", ...one })));
        expect(together.items).toEqual(singly.items);
        for (const [at, { marks }] of together.items.entries()) {
          const { probability } = state.linkings.get(`c${at}`)!.links!.mentions[0]!;
          expect(marks[0]!.gold !== undefined).toBe(probability! >= threshold);
        }
        expect(together.past.length).toBe(names.length === 0 ? 0 : 1);
        if (names.length > 0) expect(reduce(together, { kind: "undo" }).items).toEqual(state.items);
      }),
    );
  });

  it("accepts nothing without probabilities", () => {
    expect(atLeast(undecidedNames(linkedWith(["Jordan"], [null])), 0)).toEqual([]);
  });

  it("records who decided, when, and what was proposed", () => {
    const state = linkedWith(["Jordan"], [0.9]);
    const [decision] = acceptAll(atLeast(undecidedNames(state), 0.5), WHO);
    expect(decision).toEqual({
      at: { item: "c0", mark: 0 },
      gold: { kind: "entity", id: "Jordan-1", label: "Jordan" },
      decision: {
        ...WHO,
        proposed: { id: "Jordan-1", label: "Jordan" },
        probability: 0.9,
        model: "m@1",
        kb: "k@1",
        together: true,
      },
    });
  });
});

describe("the same decision for the same name", () => {
  it("is for undecided names with the same text and suggestion, apart from case and accents", () => {
    const state = linkedWith(["Jordan", "Jördan", "Pippen", "Jordan"], [0.9, 0.9, 0.9, 0.2]);
    const other = state.items[1]!;
    const links = {
      ...answerTo(other),
      mentions: answerTo(other).mentions.map((one) => ({ ...one, entity: { id: "Jordan-1", label: "J" } })),
    };
    const linked = run(state, { kind: "linked", item: "c1", asked: other.marks, links });
    const at = { item: "c0", mark: 0 };
    const same = (from: State): string[] => sameAs(from, at).map((one) => one.at.item);
    expect(same(linked)).toEqual(["c1", "c3"]);
    expect(same(state)).toEqual(["c3"]); // another entity is suggested for Jördan
    const decided = run(linked, { kind: "decide", at: { item: "c3", mark: 0 }, gold: { kind: "nil" } });
    expect(same(decided)).toEqual(["c1"]);
    const all = run(linked, {
      kind: "decide-all",
      decisions: decideAlike(sameAs(linked, at), { kind: "nil" }, WHO),
    });
    expect(all.items.map(({ marks }) => marks[0]!.gold?.kind)).toEqual([undefined, "nil", undefined, "nil"]);
  });
});

describe("the filter", () => {
  it("lists captions by name, entity, state and probability", () => {
    const state = run(
      linkedWith(["Jordan", "Pippen", "Zoë"], [0.9, 0.4, null]),
      { kind: "decide", at: { item: "c0", mark: 0 }, gold: { kind: "nil" } },
      { kind: "note", item: "c1", mark: 0, note: { flagged: true, comment: "?" } },
      { kind: "note", item: "c2", note: { flagged: true } },
    );
    const listed = (filter: Partial<Filter>): string[] =>
      filtered(state, { ...NO_FILTER, ...filter }).map(({ id }) => id);
    expect(listed({})).toEqual(["c0", "c1", "c2"]);
    expect(listed({ text: "zoe" })).toEqual(["c2"]);
    expect(listed({ text: "pippen-1" })).toEqual(["c1"]);
    expect(listed({ state: "undecided" })).toEqual(["c1", "c2"]);
    expect(listed({ state: "decided" })).toEqual(["c0"]);
    expect(listed({ state: "changed" })).toEqual(["c0"]);
    expect(listed({ state: "nil" })).toEqual(["c0"]);
    expect(listed({ state: "flagged" })).toEqual(["c1", "c2"]);
    expect(listed({ state: "commented" })).toEqual(["c1"]);
    expect(listed({ from: 0.9 })).toEqual(["c0"]);
    expect(listed({ below: 0.9 })).toEqual(["c1"]);
  });
});

describe("the choices for a name", () => {
  const state = linkedWith(["Jordan"], [0.6]);
  const mark = state.items[0]!.marks[0]!;
  const link = state.linkings.get("c0")!.links!.mentions[0]!;
  const ids = (choices: ReturnType<typeof choicesOf>) =>
    choices.map(({ entity, number }) => [entity?.id, number]);

  it("are ordered by probability, with digits for entities and 0 for NIL", () => {
    expect(ids(choicesOf(mark, { ...link, nilProbability: 0.35 }, []))).toEqual([
      ["Jordan-1", 1],
      [undefined, 0],
      ["Jordan-2", 2],
    ]);
    expect(ids(choicesOf(mark, undefined, []))).toEqual([[undefined, 0]]);
  });

  it("include added entities of this name, and the chosen entity", () => {
    const added = { id: "new-jordan", label: "Jórdan" };
    const other = { id: "new-other", label: "Other" };
    expect(ids(choicesOf(mark, link, [added, other])).at(-1)).toEqual(["new-jordan", 3]);
    const chosen = { ...mark, gold: { kind: "entity" as const, id: "found" } };
    expect(ids(choicesOf(chosen, link, [])).at(-1)).toEqual(["found", 3]);
  });
});
