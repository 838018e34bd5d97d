import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { joinedSignal, unlessAborted } from "../../src/core/signals.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

describe("a joined signal", () => {
  it("fires with the reason of the first signal", () => {
    const [first, second] = [new AbortController(), new AbortController()];
    using joined = joinedSignal([first.signal, second.signal]);
    expect(joined.aborted).toBe(false);
    second.abort("second");
    first.abort("first");
    expect(joined.reason).toBe("second");
    using late = joinedSignal([first.signal]);
    expect(late.reason).toBe("first");
  });

  it("fires after its time, even if nothing else refers to it", async () => {
    const fired = new Promise((resolve) => {
      const joined = joinedSignal([new AbortController().signal], 0.3);
      joined.addEventListener("abort", () => resolve(joined.reason), { once: true });
    });
    for (let time = 0; time < 5; time++) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      collectGarbage();
    }
    expect(await fired).toMatchObject({ code: "TIMEOUT" });
  });

  it("does nothing more once it is disposed", async () => {
    const first = new AbortController();
    const joined = joinedSignal([first.signal], 0.01);
    joined[Symbol.dispose]();
    first.abort();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(joined.aborted).toBe(false);
  });
});

describe("unlessAborted", () => {
  it("resolves like the promise, or throws as soon as the signal fires", async () => {
    const controller = new AbortController();
    expect(await unlessAborted(Promise.resolve(1), controller.signal)).toBe(1);
    const waiting = unlessAborted(new Promise(() => {}), controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ code: "ABORTED" });
    await expect(unlessAborted(Promise.resolve(1), controller.signal)).rejects.toMatchObject({
      code: "ABORTED",
    });
  });
});
