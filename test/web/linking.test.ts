import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Api, ApiError, type LinkRequest } from "../../web/src/api/index.js";
import { startLinking } from "../../web/src/app/linking.js";
import type { ServerState } from "../../web/src/app/server-state.js";
import { createStore } from "../../web/src/app/store.js";
import { type Action, type Item, reduce, type WireLinks } from "../../web/src/review/index.js";
import { answerTo, item, opened } from "./states.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const ITEMS = ["a", "b", "c", "d", "e"].map((id) => item(id, `Name ${id}`, "Name"));

/** Runs the page's linking against a fake server. */
function linking(answer: (request: LinkRequest) => Promise<WireLinks>, items: Item[] = ITEMS, pictures = {}) {
  const work = createStore(opened(...items));
  const server = createStore<ServerState>({ kind: "unknown" });
  const catalogue = createStore<string | undefined>(undefined);
  const isStopped = createStore(false);
  const asked: LinkRequest[] = [];
  let open = 0;
  let most = 0;
  const api: Pick<Api, "link"> = {
    async link(request) {
      asked.push(request);
      most = Math.max(most, ++open);
      try {
        return await answer(request);
      } finally {
        open--;
      }
    },
  };
  const dispatch = (action: Action): void => work.set(reduce(work.get(), action));
  const start = () =>
    startLinking({
      work,
      server,
      dispatch,
      api: api as Api,
      catalogue: () => catalogue.get(),
      isStopped,
      picture: async (id) => (pictures as Record<string, string>)[id],
    });
  const statuses = (): string[] => work.get().items.map(({ id }) => work.get().linkings.get(id)!.status);
  return { work, server, catalogue, isStopped, asked, dispatch, start, statuses, most: () => most };
}

const answer = async ({ id }: LinkRequest): Promise<WireLinks> =>
  answerTo(ITEMS.find((one) => one.id === id)!);

const settle = () => vi.advanceTimersByTimeAsync(0);

describe("startLinking", () => {
  it("links every caption once, the one under review first, two at a time", async () => {
    const page = linking(answer);
    page.dispatch({ kind: "go", to: { item: "d", mark: 0 } });
    page.start();
    await settle();
    expect(page.statuses()).toEqual(["done", "done", "done", "done", "done"]);
    expect(page.asked.map(({ id }) => id)).toEqual(["d", "a", "b", "c", "e"]);
    expect(page.most()).toBe(2);
    expect(page.server.get()).toEqual({ kind: "ready", model: "m@1", kb: "k@1" });
  });

  it("sends no gold, requests detection if there are no names, and sends an added picture instead of its path", async () => {
    const decided: Item = { ...ITEMS[0]!, marks: [{ ...ITEMS[0]!.marks[0]!, gold: { kind: "nil" } }] };
    const bare: Item = { id: "b", text: "No names", image: "b.jpg", marks: [] };
    const page = linking(answer, [decided, bare, { ...bare, id: "c" }], { c: "QUJD" });
    page.start();
    await settle();
    const by = new Map(page.asked.map((request) => [request.id, request]));
    expect(by.get("a")!.mentions).toEqual([{ text: "Name", start: 0, end: 4 }]);
    expect(by.get("a")!.detect).toBeUndefined();
    expect(by.get("b")).toMatchObject({ detect: true, image: "b.jpg" });
    expect(by.get("b")!.mentions).toBeUndefined();
    expect(by.get("c")).toMatchObject({ imageData: "QUJD" });
    expect(by.get("c")!.image).toBeUndefined();
  });

  it("links a caption again if the catalogue changes during the request", async () => {
    const page = linking(async (request) => {
      const kb = page.catalogue.get() ?? "default";
      await new Promise((resolve) => setTimeout(resolve, 10));
      return { ...(await answer(request)), kb };
    });
    page.start();
    page.catalogue.set("other");
    page.dispatch({ kind: "link-all" });
    await vi.advanceTimersByTimeAsync(1000);
    expect(page.statuses()).toEqual(["done", "done", "done", "done", "done"]);
    expect([...page.work.get().linkings.values()].map(({ links }) => links!.kb)).toEqual(
      ITEMS.map(() => "other"),
    );
    expect(page.asked.length).toBeGreaterThan(ITEMS.length);
  });

  it("sends no request while linking is stopped", async () => {
    const page = linking(answer);
    page.isStopped.set(true);
    page.start();
    await settle();
    expect(page.asked).toEqual([]);
    page.isStopped.set(false);
    await settle();
    expect(page.statuses()).toEqual(["done", "done", "done", "done", "done"]);
  });

  it("pauses for as long as a busy server asks, then resumes", async () => {
    let isBusy = true;
    const page = linking(async (request) => {
      if (isBusy) throw new ApiError("busy", "queue is full", 7);
      return await answer(request);
    });
    page.start();
    await settle();
    expect(page.server.get()).toEqual({ kind: "busy", until: Date.now() + 7000 });
    expect(page.statuses().every((status) => status === "waiting")).toBe(true);
    isBusy = false;
    const before = page.asked.length;
    await vi.advanceTimersByTimeAsync(6900);
    expect(page.asked.length).toBe(before);
    await vi.advanceTimersByTimeAsync(200);
    expect(page.statuses().every((status) => status === "done")).toBe(true);
  });

  it("backs off while the server is unreachable, and retries at once on request", async () => {
    let isAway = true;
    const page = linking(async (request) => {
      if (isAway) throw new ApiError("away", "fetch failed");
      return await answer(request);
    });
    const { retry } = page.start();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(page.server.get().kind).toBe("away");
    expect(page.asked.length).toBeLessThan(20);
    isAway = false;
    retry();
    await settle();
    expect(page.statuses().every((status) => status === "done")).toBe(true);
  });

  it("waits for a token without retrying", async () => {
    const page = linking(async () => {
      throw new ApiError("refused", "a token is needed");
    });
    page.start();
    await vi.advanceTimersByTimeAsync(600_000);
    expect(page.server.get()).toEqual({ kind: "refused", message: "a token is needed" });
    expect(page.asked.length).toBeLessThanOrEqual(2);
  });

  it("marks a caption that the server rejects as failed, and links the others", async () => {
    const page = linking(async (request) => {
      if (request.id === "b") throw new ApiError("invalid", "the picture is damaged");
      return await answer(request);
    });
    page.start();
    await settle();
    expect(page.statuses()).toEqual(["done", "failed", "done", "done", "done"]);
    expect(page.work.get().linkings.get("b")).toMatchObject({ message: "the picture is damaged" });
    expect(page.asked.filter(({ id }) => id === "b")).toHaveLength(1);
  });
});
