import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Action,
  linkOf,
  nextUnsure,
  reduce,
  type State,
  unsureFirst,
  waitingCount,
} from "../../web/src/review/index.js";
import { answerTo, item, opened, reviewerStep, run } from "./states.js";

const START = opened(
  item("a", "Jordan and Pippen in Chicago", "Jordan", "Pippen"),
  item("b", "Paris in Paris"),
);

const linked = (state: State, id: string, probability: number | null = 0.9): Action => {
  const found = state.items.find((one) => one.id === id)!;
  return { kind: "linked", item: id, asked: found.marks, links: answerTo(found, probability) };
};

describe("undo and redo", () => {
  const steps = fc.array(reviewerStep, { maxLength: 12 });

  it("undo reverts one step, redo repeats it", () => {
    fc.assert(
      fc.property(steps, reviewerStep, (before, step) => {
        const from = run(START, ...before);
        const to = reduce(from, step);
        if (to.past === from.past) return;
        const back = reduce(to, { kind: "undo" });
        expect(back.items).toEqual(from.items);
        expect(back.additions).toEqual(from.additions);
        expect(back.cursor).toEqual(from.cursor);
        expect(reduce(back, { kind: "redo" }).items).toEqual(to.items);
      }),
    );
  });

  it("undoing every step restores the start, redoing every step the end", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const end = run(START, ...all);
        const times = end.past.map((): Action => ({ kind: "undo" }));
        const start = run(end, ...times);
        expect(start.items).toEqual(START.items);
        expect(start.past).toEqual([]);
        expect(start.additions).toEqual([]);
        expect(run(start, ...times.map((): Action => ({ kind: "redo" }))).items).toEqual(end.items);
      }),
    );
  });

  it("change only decisions, whether or not the catalogue has the added entities meanwhile", () => {
    fc.assert(
      fc.property(steps, fc.nat(), (all, times) => {
        const end = run(START, ...all);
        const known = end.additions.map(({ id }): Action => ({ kind: "in-catalogue", entity: id }));
        const undone = Array.from({ length: times % (all.length + 1) }, (): Action => ({ kind: "undo" }));
        const moves = [...undone, ...undone.map((): Action => ({ kind: "redo" }))];
        for (let count = 0; count <= moves.length; count++) {
          const state = run(end, ...known, ...moves.slice(0, count));
          expect(state.additions).toEqual([]);
          expect(state.items).toEqual(run(end, ...moves.slice(0, count)).items);
        }
      }),
    );
  });

  it("a new step clears the redo history", () => {
    const decided = run(
      START,
      { kind: "decide", at: { item: "a", mark: 0 }, gold: { kind: "nil" } },
      { kind: "undo" },
    );
    expect(decided.future).toHaveLength(1);
    expect(run(decided, { kind: "unmark", at: { item: "a", mark: 1 } }).future).toEqual([]);
  });

  it("undo keeps the linker's answers", () => {
    const state = run(START, { kind: "decide", at: { item: "a", mark: 0 }, gold: { kind: "nil" } });
    const answered = run(state, linked(state, "a"), { kind: "undo" });
    expect(answered.items).toEqual(START.items);
    expect(answered.linkings.get("a")).toMatchObject({ status: "done" });
  });
});

describe("links", () => {
  it("add the detected names to a caption without names", () => {
    const names = answerTo(item("b", "Paris in Paris", "Paris"));
    const state = run(START, { kind: "linked", item: "b", asked: [], links: names });
    expect(state.items[1]!.marks).toEqual([{ text: "Paris", start: 0, end: 5, detected: true }]);
    expect(state.past).toEqual([]);
  });

  it("do not replace names marked meanwhile, but are requested again", () => {
    const meanwhile = run(START, { kind: "mark", item: "b", span: { start: 9, end: 14 } });
    const names = answerTo(item("b", "Paris in Paris", "Paris"));
    const state = run(meanwhile, { kind: "linked", item: "b", asked: [], links: names });
    expect(state.items[1]!.marks).toEqual([{ text: "Paris", start: 9, end: 14 }]);
    expect(state.linkings.get("b")).toMatchObject({ status: "waiting" });
  });

  describe("with another catalogue", () => {
    const answer = { item: "b", asked: [], links: answerTo(item("b", "Paris in Paris", "Paris")) };
    const found = run(START, { kind: "linked", ...answer });
    const at = { item: "b", mark: 0 };

    it("detect names again where nothing was decided", () => {
      const state = run(found, { kind: "link-all" });
      expect(state.items).toEqual(START.items); // the names of a file stay
      expect(state.linkings.get("a")).toEqual({ status: "waiting", detect: false });
      expect(state.linkings.get("b")).toEqual({ status: "waiting", detect: true });
      expect(run(state, { kind: "linked", ...answer }).items).toEqual(found.items);
    });

    it.each<[string, Action[]]>([
      ["decided", [{ kind: "decide", at, gold: { kind: "nil" } }]],
      ["remarked on", [{ kind: "note", item: "b", mark: 0, note: { flagged: true } }]],
      ["typed", [{ kind: "type", at, type: "place" }]],
      [
        "left by a person who removed another",
        [
          { kind: "mark", item: "b", span: { start: 9, end: 14 } },
          { kind: "unmark", at: { item: "b", mark: 1 } },
        ],
      ],
    ])("keep a detected name that was %s", (_, steps) => {
      const state = run(found, ...steps);
      expect(run(state, { kind: "link-all" }).items).toEqual(state.items);
    });

    it("keep the names of a file of links", () => {
      const state = run(START, { kind: "linked", ...answer, fromFile: true });
      expect(run(state, { kind: "link-all" }).items).toEqual(state.items);
    });

    it("keep the names that a person marked, and add those detected elsewhere in the text", () => {
      const own = { kind: "mark", item: "b", span: { start: 9, end: 14 } } as const;
      const state = run(found, own, { kind: "link-all" });
      expect(state.items[1]!.marks).toEqual([{ text: "Paris", start: 9, end: 14 }]);
      expect(state.linkings.get("b")).toEqual({ status: "waiting", detect: true });
      const both = run(state, { kind: "linked", ...answer, asked: state.items[1]!.marks });
      expect(both.items[1]!.marks.map(({ start }) => start)).toEqual([0, 9]);
      expect(both.linkings.get("b")).toMatchObject({ status: "waiting" });
      const done = run(both, linked(both, "b"));
      expect(done.linkings.get("b")?.status).toBe("done");
      expect(done.items).toEqual(both.items);
    });
  });

  it("are requested again when a name is added or removed, and stay visible until then", () => {
    const done = run(START, linked(START, "a"));
    const more = run(done, { kind: "mark", item: "a", span: { start: 21, end: 28 } });
    expect(more.linkings.get("a")).toMatchObject({ status: "waiting", links: { id: "a" } });
    expect(linkOf(more.items[0]!.marks[0]!, more.linkings.get("a"))).toBeDefined();
    expect(run(more, { kind: "undo" }).linkings.get("a")?.status).toBe("waiting");
  });

  it("are requested again when the type of a name changes, even by undo", () => {
    const done = run(START, linked(START, "a"));
    const at = { item: "a", mark: 0 };
    const typed = run(done, { kind: "type", at, type: "person" });
    expect(typed.items[0]!.marks[0]).toMatchObject({ text: "Jordan", type: "person" });
    expect(typed.linkings.get("a")).toMatchObject({ status: "waiting", links: { id: "a" } });
    expect(run(typed, { kind: "type", at, type: "person" })).toBe(typed);
    const again = run(typed, linked(typed, "a"));
    expect(again.linkings.get("a")?.status).toBe("done");
    const without = run(again, { kind: "undo" });
    expect(without.items).toEqual(START.items);
    expect(without.linkings.get("a")?.status).toBe("waiting");
    const cleared = run(again, { kind: "type", at, type: undefined });
    expect(cleared.items).toEqual(START.items);
  });

  it("are kept when only a decision changes", () => {
    const done = run(START, linked(START, "a"));
    const decided = run(done, { kind: "decide", at: { item: "a", mark: 0 }, gold: { kind: "nil" } });
    expect(decided.linkings).toBe(done.linkings);
  });

  it("are requested again when the picture changes, even by undo", () => {
    const done = run(START, linked(START, "a"));
    const pictured = run(done, { kind: "image", item: "a", image: "a.jpg" });
    expect(pictured.linkings.get("a")).toMatchObject({ status: "waiting", detect: false });
    const again = run(pictured, linked(pictured, "a"));
    const without = run(again, { kind: "undo" });
    expect(without.items).toEqual(START.items);
    expect(without.linkings.get("a")?.status).toBe("waiting");
  });

  it("work for captions with any id", () => {
    const odd = opened(item("__proto__", "Paris", "Paris"), item("constructor", "Rome", "Rome"));
    const state = run(odd, linked(odd, "__proto__"));
    expect(state.linkings.get("__proto__")?.status).toBe("done");
    expect(state.linkings.get("constructor")).toEqual({ status: "waiting", detect: false });
  });
});

describe("add", () => {
  it("keeps an open caption when its id is added again", () => {
    const state = run(START, { kind: "add", items: [item("a", "another text"), item("c", "new")] });
    expect(state.items.map(({ id, text }) => [id, text])).toEqual([
      ["a", START.items[0]!.text],
      ["b", START.items[1]!.text],
      ["c", "new"],
    ]);
  });
});

describe("doubt", () => {
  const three = opened(item("a", "A", "A"), item("b", "B", "B"), item("c", "C", "C"));

  it("sorts captions by doubt; unlinked ones come last, in their order", () => {
    const state = run(three, linked(three, "b", 0.9), linked(three, "c", 0.3));
    expect(unsureFirst(state).map(({ id }) => id)).toEqual(["c", "b", "a"]);
  });

  it("finds the least certain undecided name, and none if all are decided", () => {
    const state = run(three, linked(three, "b", 0.9), linked(three, "c", 0.3));
    expect(nextUnsure(state)).toEqual({ item: "c", mark: 0 });
    const decide = (id: string): Action => ({
      kind: "decide",
      at: { item: id, mark: 0 },
      gold: { kind: "nil" },
    });
    expect(nextUnsure(run(state, decide("c")))).toEqual({ item: "b", mark: 0 });
    expect(nextUnsure(run(state, decide("c"), decide("b")))).toEqual({ item: "a", mark: 0 });
    expect(nextUnsure(run(state, decide("c"), decide("b"), decide("a")))).toBeUndefined();
  });

  it("measures doubt without probabilities by the second candidate's relative score", () => {
    const close = answerTo(three.items[0]!, null);
    const far = {
      ...close,
      mentions: close.mentions.map((m) => ({ ...m, candidates: m.candidates.slice(0, 1) })),
    };
    const state = run(
      three,
      { kind: "linked", item: "a", asked: three.items[0]!.marks, links: far },
      { kind: "linked", item: "b", asked: three.items[1]!.marks, links: answerTo(three.items[1]!, null) },
    );
    expect(unsureFirst(state).map(({ id }) => id)).toEqual(["b", "a", "c"]);
  });
});

describe("waitingCount", () => {
  it("counts the open captions that wait for links, but no caption that was removed", () => {
    const start = opened(item("a", "A", "A"), item("b", "B", "B"), item("c", "C", "C"));
    const state = run(start, linked(start, "a", 0.9), { kind: "linking", item: "b" });
    expect(waitingCount(state)).toBe(2);
    const removed = run(state, { kind: "remove", item: "c" });
    expect(waitingCount(removed)).toBe(1);
    expect(waitingCount(run(removed, { kind: "undo" }))).toBe(2);
  });
});
