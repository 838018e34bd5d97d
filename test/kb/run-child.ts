import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const SCRIPT = new URL("child.ts", import.meta.url).pathname;

export interface Child extends AsyncDisposable {
  /** Resolves when the child prints this line. */
  says(line: string): Promise<void>;
  /** The JSON line that it prints at the end. */
  readonly answer: Promise<Record<string, unknown>>;
  /** Sends SIGKILL; disposing does the same. */
  kill(): Promise<void>;
}

/** Starts child.ts after the shell command `limit`, such as `ulimit -f 100`. */
export function startChild(parameters: readonly string[], limit = ":"): Child {
  const command = [process.execPath, "--import", "tsx", SCRIPT, ...parameters];
  const started = spawn("/bin/sh", ["-c", `${limit}; exec "$@"`, "sh", ...command], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: started.stdout });
  const answer = new Promise<Record<string, unknown>>((resolve) => {
    lines.on("line", (line) => line.startsWith("{") && resolve(JSON.parse(line) as Record<string, unknown>));
  });
  const gone = once(started, "exit");
  const kill = async (): Promise<void> => {
    started.kill("SIGKILL");
    await gone;
  };
  return {
    answer,
    says: (expected) =>
      new Promise((resolve) => {
        lines.on("line", (line) => line === expected && resolve());
      }),
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

export async function runChild(
  parameters: readonly string[],
  limit?: string,
): Promise<Record<string, unknown>> {
  await using child = startChild(parameters, limit);
  return await child.answer;
}
