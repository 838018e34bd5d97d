import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";

const SCRIPT = new URL("child.ts", import.meta.url).pathname;

export interface Child {
  readonly process: ChildProcess;
  /** Resolves when the child prints this line. */
  says(line: string): Promise<void>;
  /** The JSON line that it ends with. */
  readonly answer: Promise<Record<string, unknown>>;
  kill(): Promise<void>;
}

/** Starts child.ts; `limit` is a shell command before it, such as `ulimit -f 100`. */
export function startChild(parameters: readonly string[], limit = ":"): Child {
  const command = [process.execPath, "--import", "tsx", SCRIPT, ...parameters];
  const started = spawn("/bin/sh", ["-c", `${limit}; exec "$@"`, "sh", ...command], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines: Interface = createInterface({ input: started.stdout! });
  const answer = new Promise<Record<string, unknown>>((resolve) => {
    lines.on("line", (line) => line.startsWith("{") && resolve(JSON.parse(line) as Record<string, unknown>));
  });
  return {
    process: started,
    answer,
    says: (expected) =>
      new Promise((resolve) => {
        lines.on("line", (line) => line === expected && resolve());
      }),
    async kill() {
      const gone = once(started, "exit");
      started.kill("SIGKILL");
      await gone;
    },
  };
}

export function runChild(parameters: readonly string[], limit?: string): Promise<Record<string, unknown>> {
  return startChild(parameters, limit).answer;
}
