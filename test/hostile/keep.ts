import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Job } from "./child.js";

/** Copies a failing input to the folder `keep` of the job, with the reason and the command that repeats it. */
export function keepInput(input: string, { reader, seed, keep }: Job, at: number, what: string): void {
  if (keep === undefined) return;
  const folder = join(keep, `${reader.replaceAll(/\W+/g, "-")}-${at}`);
  mkdirSync(folder, { recursive: true });
  if (existsSync(input)) cpSync(input, join(folder, "input"), { recursive: true });
  const again = `npm run hostile -- --reader '${reader}' --repeat '${join(folder, "input")}'`;
  writeFileSync(join(folder, "failure.txt"), `${what}\n\nseed ${seed}, input ${at}\n${again}\n`);
}
