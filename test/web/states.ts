import fc from "fast-check";
import type { WireLinks } from "../../src/formats/index.js";
import { type Action, EMPTY, type Item, reduce, type State } from "../../web/src/review/index.js";

export const item = (id: string, text: string, ...names: string[]): Item => ({
  id,
  text,
  marks: names.map((name) => {
    const start = text.indexOf(name);
    return { text: name, start, end: start + name.length };
  }),
});

export const run = (state: State, ...actions: Action[]): State => actions.reduce(reduce, state);

export const opened = (...items: Item[]): State => run(EMPTY, { kind: "add", items });

/** A plausible answer: each name is linked to an entity of that name, with this probability. */
export function answerTo({ id, marks }: Item, probability: number | null = 0.9): WireLinks {
  return {
    id,
    mentions: marks.map(({ text, start, end, type }) => ({
      text,
      ...(start !== undefined && end !== undefined && { start, end }),
      ...(type !== undefined && { type }),
      outcome: "linked",
      entity: { id: `${text}-1`, label: text },
      probability,
      candidates: [1, 2].map((n) => ({
        id: `${text}-${n}`,
        label: `${text} ${n}`,
        match: 1 / n,
        collaborative: 0,
        score: 1 / n,
        probability: probability === null ? null : probability / n,
      })),
    })),
    model: "m@1",
    kb: "k@1",
  };
}

/** Random steps of a reviewer on captions `a` and `b`. */
export const reviewerStep: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    kind: fc.constant("mark" as const),
    item: fc.constantFrom("a", "b"),
    span: fc.record({ start: fc.nat({ max: 30 }), end: fc.nat({ max: 30 }) }),
  }),
  fc.record({ kind: fc.constant("unmark" as const), at: cursor() }),
  fc.record({
    kind: fc.constant("type" as const),
    at: cursor(),
    type: fc.constantFrom(undefined, "person", "museum"),
  }),
  fc.record({
    kind: fc.constant("decide" as const),
    at: cursor(),
    gold: fc.constantFrom(undefined, { kind: "nil" } as const, { kind: "entity", id: "x" } as const),
  }),
  fc.record({
    kind: fc.constant("note" as const),
    item: fc.constantFrom("a", "b"),
    mark: fc.nat({ max: 4 }),
    note: fc.record({ flagged: fc.boolean(), comment: fc.constantFrom("", "why?") }),
  }),
  fc.record({
    kind: fc.constant("decide-all" as const),
    decisions: fc.array(fc.record({ at: cursor(), gold: fc.constant({ kind: "nil" } as const) })),
  }),
  fc.record({ at: cursor(), id: fc.uuid() }).map(({ at, id }) => ({
    kind: "add-entity" as const,
    at,
    gold: { kind: "entity" as const, id },
    entity: { id, label: "New" },
  })),
  fc.record({ kind: fc.constant("remove" as const), item: fc.constantFrom("a", "b") }),
);

function cursor(): fc.Arbitrary<{ item: string; mark: number }> {
  return fc.record({ item: fc.constantFrom("a", "b"), mark: fc.nat({ max: 4 }) });
}
