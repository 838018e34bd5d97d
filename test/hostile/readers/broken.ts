import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Reader, text } from "../reader.js";

function broken(name: string, read: Reader["read"], limits: Partial<Reader> = {}): Reader {
  return { name: `broken: ${name}`, sample: () => ({ file: text("x") }), inputs: 1, ...limits, read };
}

const spin = (milliseconds: number): void => {
  for (const end = Date.now() + milliseconds; Date.now() < end; );
};

/** Readers that break the law, for the test of the campaign itself. */
export const BROKEN_READERS: readonly Reader[] = [
  broken("unnamed error", async () => (undefined as unknown as Reader).name),
  broken("error of another program", async () => {
    throw Object.assign(new Error("no"), { code: "FORMAT" });
  }),
  broken("late rejection", async () => void Promise.reject(new Error("late"))),
  broken("crash", async () => process.kill(process.pid, "SIGSEGV"), { inputs: 2 }),
  broken("hang", async () => spin(60_000), { seconds: 0.2 }),
  broken("slow", async () => spin(1000), { seconds: 0.2 }),
  broken("memory", async () => Buffer.alloc(100 << 20, 1), { megabytes: 50 }),
  broken("file outside", (_, output) => writeFile(join(output, "../../../escape"), "x")),
  broken("prototype", async () => Object.assign(Object.prototype, { polluted: 1 })),
];
