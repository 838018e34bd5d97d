import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Builds `dist/` once: the end-to-end tests run the real command, workers load from there, browsers open the page. What tests and
 * the programs they start leave among the temporary files goes when all have run.
 */
export function setup(): () => void {
  const scratch = mkdtempSync(join(tmpdir(), "mmel-tests-"));
  chmodSync(scratch, 0o755); // a PostgreSQL server runs as another user
  process.env.TMPDIR = scratch;
  if (process.env.MMEL_SKIP_BUILD !== "1") {
    execFileSync("npx", ["tsdown", "--logLevel", "warn"], { stdio: "inherit" });
    execFileSync("npx", ["vite", "build", "web", "--logLevel", "warn"], { stdio: "inherit" });
  }
  return () => rmSync(scratch, { recursive: true, force: true });
}
