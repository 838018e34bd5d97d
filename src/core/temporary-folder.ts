import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MmelError } from "./errors.js";
import { isDiskFull, writeProblem } from "./write-problem.js";

/**
 * Creates an empty folder in the system's temporary folder and returns its path. Its name begins with `prefix`, and only
 * the user can open it. Throws `FILE_UNWRITABLE` if it cannot be created.
 */
export function createTemporaryFolder(prefix: string): string {
  try {
    return mkdtempSync(join(tmpdir(), prefix));
  } catch (error) {
    throw temporaryFolderUnwritable(error);
  }
}

/** Returns the `FILE_UNWRITABLE` error for a failure to write into the system's temporary folder. */
export function temporaryFolderUnwritable(cause: unknown): MmelError {
  return new MmelError("FILE_UNWRITABLE", {
    what: `the temporary folder cannot be written: ${writeProblem(cause)}`,
    where: tmpdir(),
    expected: isDiskFull(cause) ? "enough free disk space" : "a writable folder",
    hint: "Set `TMPDIR` to another folder.",
    cause,
  });
}
