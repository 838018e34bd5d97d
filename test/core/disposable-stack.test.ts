import { describe, expect, it } from "vitest";
import { type DisposableStack, withDisposables } from "../../src/core/disposable-stack.js";

const resource = (name: string, closed: string[]): AsyncDisposable => ({
  [Symbol.asyncDispose]: async () => {
    closed.push(name);
  },
});

describe("withDisposables", () => {
  it("leaves resources open until the stack is closed, then closes each once, the last first", async () => {
    const closed: string[] = [];
    const stack = await withDisposables<DisposableStack>(async (stack) => {
      stack.use(resource("store", closed));
      stack.use(resource("model", closed));
      return stack;
    });
    expect(closed).toEqual([]);
    await stack[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
    expect(closed).toEqual(["model", "store"]);
  });

  it("closes what was opened when opening fails, and throws the error", async () => {
    const closed: string[] = [];
    const opening = withDisposables(async ({ use }) => {
      use(resource("store", closed));
      use(resource("model", closed));
      throw new Error("no pictures");
    });
    await expect(opening).rejects.toThrow("no pictures");
    expect(closed).toEqual(["model", "store"]);
  });
});
