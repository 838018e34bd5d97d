import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MmelError } from "../../src/core/index.js";
import { withRetries } from "../../src/postgres/index.js";

const away = () => new MmelError("KB_UNAVAILABLE", { what: "the server does not respond" });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.spyOn(Math, "random").mockReturnValue(0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** An action that takes `duration` ms, fails with each of `errors` in turn and then returns "done". */
function failing(errors: readonly Error[], duration = 0, during: (attempt: number) => void = () => {}) {
  let attempts = 0;
  const action = async (): Promise<string> => {
    const error = errors[attempts++];
    during(attempts);
    await new Promise((resolve) => setTimeout(resolve, duration));
    if (error !== undefined) throw error;
    return "done";
  };
  return { action, attempts: () => attempts };
}

describe("withRetries", () => {
  it("retries transient errors and reports once that the server is away and back", async () => {
    const calls: string[] = [];
    const { action, attempts } = failing([away(), away(), away()]);
    const running = withRetries(action, {
      patienceMs: 10_000,
      onAway: ({ code }) => calls.push(code),
      onBack: () => calls.push("back"),
    });
    await vi.advanceTimersByTimeAsync(1000);
    expect(await running).toBe("done");
    expect(attempts()).toBe(4);
    expect(calls).toEqual(["KB_UNAVAILABLE", "back"]);
  });

  it("throws other errors at once, also after a transient one", async () => {
    const other = new MmelError("KB_DENIED", { what: "no" });
    for (const errors of [[other], [away(), other]]) {
      const { action, attempts } = failing(errors);
      const running = expect(withRetries(action, { patienceMs: 10_000 })).rejects.toBe(other);
      await vi.advanceTimersByTimeAsync(1000);
      await running;
      expect(attempts()).toBe(errors.length);
    }
  });

  it("never retries without patience, and keeps the error unchanged", async () => {
    const error = away();
    const onAway = vi.fn();
    const { action } = failing([error]);
    const running = expect(withRetries(action, { patienceMs: 0, onAway })).rejects.toBe(error);
    await vi.advanceTimersByTimeAsync(0);
    await running;
    expect(onAway).not.toHaveBeenCalled();
  });

  it("counts the patience from the first failure, however long the first attempt takes", async () => {
    const { action, attempts } = failing([away()], 30_000);
    const running = withRetries(action, { patienceMs: 100 });
    await vi.advanceTimersByTimeAsync(61_000);
    expect(await running).toBe("done");
    expect(attempts()).toBe(2);
  });

  it("throws ABORTED as soon as the signal fires between two attempts", async () => {
    const abort = new AbortController();
    const { action, attempts } = failing(Array.from({ length: 99 }, away));
    const running = expect(
      withRetries(action, { patienceMs: 600_000, signal: abort.signal }),
    ).rejects.toMatchObject({ code: "ABORTED" });
    await vi.advanceTimersByTimeAsync(10_000);
    const before = attempts();
    abort.abort();
    await running;
    expect(attempts()).toBe(before);
  });

  it.each([1, 2])("returns the result of attempt %i even if the signal fires during it", async (last) => {
    const abort = new AbortController();
    const errors = Array.from({ length: last - 1 }, away);
    const { action } = failing(errors, 10, (attempt) => attempt === last && abort.abort());
    const running = withRetries(action, { patienceMs: 10_000, signal: abort.signal });
    await vi.advanceTimersByTimeAsync(1000);
    expect(await running).toBe("done");
  });
});
