import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Gives the tests and the programs they start a temporary folder of their own, and removes it when all have run. All
 * projects share it: a folder in a folder for each would make the paths of sockets too long for Chromium.
 */
export function setup(): (() => void) | undefined {
  if (process.env.MMEL_TEST_SCRATCH !== undefined) return undefined;
  const scratch = mkdtempSync(join(tmpdir(), "mmel-tests-"));
  chmodSync(scratch, 0o755); // a PostgreSQL server runs as another user
  process.env.TMPDIR = scratch;
  process.env.MMEL_TEST_SCRATCH = scratch;
  return () => rmSync(scratch, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}
