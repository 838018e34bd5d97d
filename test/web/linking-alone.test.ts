import { expect, it } from "vitest";
import { type Api, ApiError, type LinkRequest } from "../../web/src/api/index.js";
import { startLinkingAlone } from "../../web/src/app/linking.js";
import type { ServerState } from "../../web/src/app/server-state.js";
import { createStore } from "../../web/src/app/store.js";
import { type Action, reduce } from "../../web/src/review/index.js";
import { answerTo, item, opened, run } from "./states.js";

const PAIR = item("a", "Jordan and Pippen", "Jordan", "Pippen");
const ONE = item("b", "Ng", "Ng");

function linkingAlone(answer: (request: LinkRequest) => ReturnType<Api["link"]>) {
  const linked = [PAIR, ONE].map(
    (one): Action => ({ kind: "linked", item: one.id, asked: one.marks, links: answerTo(one) }),
  );
  const work = createStore(run(opened(PAIR, ONE), ...linked));
  const asked: LinkRequest[] = [];
  const link = (request: LinkRequest): ReturnType<Api["link"]> => {
    asked.push(request);
    return answer(request);
  };
  const dispatch = (action: Action): void => work.set(reduce(work.get(), action));
  startLinkingAlone({
    work,
    dispatch,
    server: createStore<ServerState>({ kind: "ready" }),
    api: { link } as Partial<Api> as Api,
    picture: async () => undefined,
  });
  return { work, asked, dispatch, settle: () => new Promise((resolve) => setTimeout(resolve, 5)) };
}

const alone = async ({ mentions = [] }: LinkRequest) =>
  answerTo(
    { ...PAIR, marks: mentions.map(({ text, start, end }) => ({ text, start: start!, end: end! })) },
    0.4,
  );

it("links each name of the caption under review on its own, once", async () => {
  const { work, asked, dispatch, settle } = linkingAlone(alone);
  await settle();
  expect(asked.map(({ mentions }) => mentions!.map(({ text }) => text))).toEqual([["Jordan"], ["Pippen"]]);
  expect(
    work
      .get()
      .linkings.get("a")!
      .alone!.map(({ probability }) => probability),
  ).toEqual([0.4, 0.4]);
  dispatch({ kind: "decide", at: { item: "a", mark: 0 }, gold: { kind: "nil" } });
  dispatch({ kind: "go", to: { item: "b", mark: 0 } }); // has one name only
  await settle();
  expect(asked).toHaveLength(2);
});

it("ignores failures without retrying, and drops answers to outdated links", async () => {
  const failing = linkingAlone(async () => {
    throw new ApiError("away", "fetch failed");
  });
  await failing.settle();
  failing.dispatch({ kind: "go", to: { item: "a", mark: 1 } });
  await failing.settle();
  expect(failing.asked).toHaveLength(2);
  expect(failing.work.get().linkings.get("a")).toMatchObject({ status: "done" });

  const late = linkingAlone(alone);
  late.dispatch({ kind: "linked", item: "a", asked: PAIR.marks, links: answerTo(PAIR, 0.7) });
  await late.settle();
  const { links, alone: found } = late.work.get().linkings.get("a")!;
  expect(links!.mentions[0]!.probability).toBe(0.7);
  expect(found).toHaveLength(2);
  expect(late.asked).toHaveLength(4);
});
