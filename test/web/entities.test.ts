import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError } from "../../web/src/api/index.js";
import { createEntities } from "../../web/src/app/entities.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("requests each entity once, and waits for a busy server", async () => {
  const asked: string[] = [];
  const entities = createEntities({
    async entity(id) {
      asked.push(id);
      if (asked.length === 1) throw new ApiError("busy", "too many requests", 3);
      if (id === "none") throw new ApiError("missing", "no such entity");
      return { id, label: "A" };
    },
  });
  const store = entities.watch("a");
  expect(entities.watch("a")).toBe(store);
  await vi.advanceTimersByTimeAsync(2900);
  expect(store.get()).toEqual({ kind: "loading" });
  await vi.advanceTimersByTimeAsync(200);
  expect(store.get()).toEqual({ kind: "found", entity: { id: "a", label: "A" } });
  const none = entities.watch("none");
  await vi.advanceTimersByTimeAsync(0);
  expect(none.get()).toEqual({ kind: "missing" });
  expect(asked).toEqual(["a", "a", "none"]);
});

it("requests failed entities again on retry, and never those added from a search", async () => {
  let fails = true;
  const asked: string[] = [];
  const entities = createEntities({
    async entity(id) {
      asked.push(id);
      if (fails) throw new ApiError("away", "fetch failed");
      return { id, label: "A" };
    },
  });
  entities.add({ id: "b", label: "B" });
  const [a, b] = [entities.watch("a"), entities.watch("b")];
  await vi.advanceTimersByTimeAsync(0);
  expect([a.get().kind, b.get().kind]).toEqual(["failed", "found"]);
  fails = false;
  entities.retry();
  await vi.advanceTimersByTimeAsync(0);
  expect(a.get().kind).toBe("found");
  expect(asked).toEqual(["a", "a"]);
});
