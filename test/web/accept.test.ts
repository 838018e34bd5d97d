import { expect, it } from "vitest";
import { type App, accept, unmark } from "../../web/src/app/index.js";
import { createStore } from "../../web/src/app/store.js";
import { type Action, NO_FILTER, reduce, type State } from "../../web/src/review/index.js";
import { answerTo, item, opened, run } from "./states.js";

/** The parts of the page that decisions use. */
function page(state: State, advance: boolean): Pick<App, "work" | "dispatch"> & App {
  const work = createStore(state);
  return {
    work,
    dispatch: (action: Action) => work.set(reduce(work.get(), action)),
    preferences: createStore({ reviewer: "R. Test", advance }),
    filter: createStore(NO_FILTER),
    notice: createStore(undefined),
  } as unknown as App;
}

const caption = item("a", "Jordan, Pippen and Bulls", "Jordan", "Pippen", "Bulls");
const START = run(
  opened(caption),
  { kind: "linked", item: "a", asked: caption.marks, links: answerTo(caption) },
  { kind: "decide", at: { item: "a", mark: 1 }, gold: { kind: "nil" } },
);

const decisions = ({ work }: App) =>
  work.get().items[0]!.marks.map(({ text, gold }) => [text, gold?.kind === "entity" ? gold.id : gold?.kind]);

it.each([true, false])("Enter never replaces a decision (moving on by itself: %s)", (advance) => {
  const app = page(START, advance);
  app.dispatch({ kind: "go", to: { item: "a", mark: 1 } });
  accept(app);
  expect(decisions(app)[1]).toEqual(["Pippen", "nil"]);
  expect(app.work.get().cursor).toEqual({ item: "a", mark: 2 });
  for (let count = 0; count < 8; count++) accept(app);
  expect(decisions(app)).toEqual([
    ["Jordan", "Jordan-1"],
    ["Pippen", "nil"],
    ["Bulls", "Bulls-1"],
  ]);
});

it("removing the mark of the last name goes to an undecided name, and Enter then decides only that", () => {
  const app = page(START, true);
  app.dispatch({ kind: "go", to: { item: "a", mark: 2 } });
  unmark(app);
  expect(app.work.get().cursor).toEqual({ item: "a", mark: 0 });
  unmark(app);
  accept(app);
  expect(decisions(app)).toEqual([["Pippen", "nil"]]);
});
