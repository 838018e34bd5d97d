import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openWorkerChannel, workerUrl } from "../../src/core/worker-channel.js";

interface Request {
  readonly verb: string;
  readonly value?: unknown;
}

const PROGRAM = new URL("channel-worker.mjs", import.meta.url);
const open = (program = PROGRAM) =>
  openWorkerChannel<Request, unknown>(program, { name: "tester", code: "ENGINE" });

describe("a worker channel", () => {
  it("gives each request its own answer, in the order of the requests", async () => {
    await using channel = open();
    const verb = fc.constantFrom("echo", "later", "fail");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(verb, fc.string())), async (requests) => {
        const order: number[] = [];
        const answers = await Promise.allSettled(
          requests.map(([verb, value], i) => channel.ask({ verb, value }).finally(() => order.push(i))),
        );
        for (const [i, [verb, value]] of requests.entries())
          expect(answers[i]).toMatchObject(
            verb === "fail"
              ? { status: "rejected", reason: { code: "FORMAT", detail: { where: value } } }
              : { status: "fulfilled", value },
          );
        expect(order).toEqual([...requests.keys()]);
      }),
      { numRuns: 30 },
    );
  });

  it("passes errors on with code and detail, others as INTERNAL", async () => {
    await using channel = open();
    await expect(channel.ask({ verb: "fail", value: "line 3" })).rejects.toMatchObject({
      name: "MmelError",
      code: "FORMAT",
      message: "bad value, line 3",
      detail: { what: "bad value", where: "line 3" },
    });
    await expect(channel.ask({ verb: "crash" })).rejects.toMatchObject({
      code: "INTERNAL",
      message: expect.stringContaining("no such thing"),
    });
    expect(await channel.ask({ verb: "echo", value: 1 })).toBe(1);
  });

  it("reports what cannot be copied between threads and stays usable", async () => {
    await using channel = open();
    await expect(channel.ask({ verb: "echo", value: () => {} })).rejects.toThrow("could not be cloned");
    await expect(channel.ask({ verb: "uncopyable" })).rejects.toMatchObject({ code: "INTERNAL" });
    expect(await channel.ask({ verb: "echo", value: 1 })).toBe(1);
  });

  it("moves the buffers of requests and answers", async () => {
    await using channel = open();
    const value = Float64Array.of(1, 2);
    const answer = channel.ask({ verb: "double", value }, { transfer: [value.buffer] });
    expect(value.byteLength).toBe(0);
    expect(await answer).toEqual(Float64Array.of(2, 4));
  });

  it("rejects everything pending and every later request once the worker exits", async () => {
    await using channel = open();
    const asked = ["echo", "exit", "echo", "later"].map((verb) => channel.ask({ verb, value: 7 }));
    const [first, ...others] = await Promise.allSettled(asked);
    expect(first).toMatchObject({ status: "fulfilled", value: 7 });
    for (const other of others)
      expect(other).toMatchObject({
        status: "rejected",
        reason: { code: "ENGINE", message: "the worker exited with code 7, tester worker" },
      });
    await expect(channel.ask({ verb: "echo" })).rejects.toMatchObject({ code: "ENGINE" });
  });

  it("rejects with the cause when the worker throws outside a request, or cannot start", async () => {
    await using channel = open();
    await expect(channel.ask({ verb: "throwOutside" })).rejects.toMatchObject({
      code: "ENGINE",
      message: expect.stringContaining("uncaught"),
      cause: expect.any(Error),
    });
    await using missing = open(new URL("no-such-worker.mjs", import.meta.url));
    await expect(missing.ask({ verb: "echo" })).rejects.toMatchObject({ code: "ENGINE" });
  });

  it("cancels running and waiting requests", async () => {
    await using channel = open();
    const [first, second] = [new AbortController(), new AbortController()];
    const running = channel.ask({ verb: "untilAborted" }, first);
    const waiting = channel.ask({ verb: "exit", value: 1 }, second); // never started
    const other = channel.ask({ verb: "echo", value: "unharmed" });
    second.abort();
    first.abort();
    await expect(running).rejects.toMatchObject({ code: "ABORTED" });
    await expect(waiting).rejects.toMatchObject({ code: "ABORTED" });
    await expect(channel.ask({ verb: "echo" }, first)).rejects.toMatchObject({ code: "ABORTED" });
    expect(await other).toBe("unharmed");
  });

  it("answers earlier requests before it closes after a last one", async () => {
    const channel = open();
    const earlier = channel.ask({ verb: "later", value: "earlier" });
    const closing = channel.close({ verb: "echo" });
    await expect(channel.ask({ verb: "echo" })).rejects.toThrow("the tester is closed");
    expect(await earlier).toBe("earlier");
    await closing;
    await channel.close();
  });

  it("rejects pending requests when it is closed at once", async () => {
    const channel = open();
    const pending = channel.ask({ verb: "untilAborted" });
    const outcome = expect(pending).rejects.toThrow("the tester is closed");
    await channel.close();
    await outcome;
  });

  it("keeps the process alive while a request is pending, but not when idle", async () => {
    const program = fileURLToPath(new URL("channel-idle.mjs", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 20_000 });
    expect(stdout).toBe("answered\n");
  });

  it("keeps the process alive until the worker has exited, even if an answer arrives while it closes", async () => {
    const program = fileURLToPath(new URL("channel-closing.mjs", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 20_000 });
    expect(stdout).toMatch(/^closed (?:answered|closed)\n$/);
  });

  it("stops the worker even if the last request fails", async () => {
    const program = fileURLToPath(new URL("channel-failing.mjs", import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 20_000 });
    expect(stdout).toBe("bad value, last\n");
  });
});

describe.each([
  ["thread", false],
  ["process", true],
])("a worker channel with a time limit, to a %s", (_, process) => {
  const limited = (seconds: number) =>
    openWorkerChannel<Request, unknown>(PROGRAM, { name: "tester", code: "ENGINE", seconds, process });

  it("ends and replaces a worker that exceeds the limit, and answers the requests that waited", async () => {
    await using channel = limited(2);
    const [slow, ...others] = await Promise.allSettled(
      ["spin", "echo", "later"].map((verb) => channel.ask({ verb, value: verb })),
    );
    expect(slow).toMatchObject({
      status: "rejected",
      reason: { code: "TIMEOUT", message: "the tester took longer than 2 seconds" },
    });
    expect(others).toMatchObject([{ value: "echo" }, { value: "later" }]);
    expect(await channel.ask({ verb: "echo", value: Uint8Array.of(1) })).toEqual(Uint8Array.of(1));
  });

  it("counts the time of each request alone", async () => {
    await using channel = limited(2);
    await channel.ask({ verb: "echo" });
    const waits = Array.from({ length: 5 }, () => channel.ask({ verb: "wait", value: 600 }));
    expect(await Promise.all(waits)).toEqual([600, 600, 600, 600, 600]);
  });

  it("rejects as soon as the signal fires, and replaces a worker that keeps working", async () => {
    await using channel = limited(60);
    await channel.ask({ verb: "echo" });
    const controller = new AbortController();
    const asked = channel.ask({ verb: "spin" }, controller);
    const waiting = channel.ask({ verb: "spin" }, controller);
    const other = channel.ask({ verb: "echo", value: "unharmed" });
    controller.abort();
    await expect(asked).rejects.toMatchObject({ code: "ABORTED" });
    await expect(waiting).rejects.toMatchObject({ code: "ABORTED" });
    expect(await other).toBe("unharmed");
  });

  it("replaces a worker that dies", async () => {
    await using channel = limited(60);
    const asked = ["exit", "echo"].map((verb) => channel.ask({ verb, value: 7 }));
    expect(await Promise.allSettled(asked)).toMatchObject([
      { reason: { code: "ENGINE", message: "the worker exited with code 7, tester worker" } },
      { value: 7 },
    ]);
    await expect(channel.ask({ verb: "exit", value: 0 })).rejects.toMatchObject({ code: "ENGINE" });
    expect(await channel.ask({ verb: "echo", value: 1 })).toBe(1);
  });

  it("closes at once while the worker is busy", async () => {
    const channel = limited(60);
    await channel.ask({ verb: "echo" });
    const outcome = expect(channel.ask({ verb: "spin" })).rejects.toThrow("the tester is closed");
    await channel.close();
    await outcome;
  });

  it("reports what cannot be copied, and a program that does not exist", async () => {
    await using channel = limited(60);
    await expect(channel.ask({ verb: "echo", value: () => {} })).rejects.toThrow("could not be cloned");
    expect(await channel.ask({ verb: "echo", value: 1 })).toBe(1);
    await using missing = openWorkerChannel<Request, unknown>(
      new URL("no-such-worker.mjs", import.meta.url),
      {
        name: "tester",
        code: "ENGINE",
        seconds: 60,
        process,
      },
    );
    await expect(missing.ask({ verb: "echo" })).rejects.toMatchObject({ code: "ENGINE" });
  });
});

describe("workerUrl", () => {
  it("points from source files to the build and from built files to their own folder", () => {
    expect(workerUrl("file:///p/src/a/src/b/c.ts", "worker.js").href).toBe(
      "file:///p/src/a/dist/b/worker.js",
    );
    expect(workerUrl("file:///p/dist/b/c.js", "worker.js").href).toBe("file:///p/dist/b/worker.js");
  });
});
