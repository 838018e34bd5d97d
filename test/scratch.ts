import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives the tests and the programs they start a temporary folder of their own, and removes it when all have run. */
export function setup(): () => void {
  const scratch = mkdtempSync(join(tmpdir(), "mmel-tests-"));
  chmodSync(scratch, 0o755); // a PostgreSQL server runs as another user
  process.env.TMPDIR = scratch;
  return () => rmSync(scratch, { recursive: true, force: true });
}
