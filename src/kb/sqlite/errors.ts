import { statSync } from "node:fs";
import { MmelError } from "../../core/index.js";
import { isDiskFull, writeProblem } from "../../core/write-problem.js";

export function notFound(target: string): MmelError {
  const isFile = statSync(target, { throwIfNoEntry: false })?.isFile() === true;
  return new MmelError("KB_NOT_FOUND", {
    what: isFile ? "a file is not a knowledge base" : "there is no knowledge base",
    where: target,
    expected: "a folder created by `mmel kb import`",
    hint: isFile
      ? `Import it with \`mmel kb import ${target} --kb FOLDER\`, and give that folder.`
      : `Create one with \`mmel kb import FILE --kb ${target}\`.`,
  });
}

export function damaged(path: string, why: string, cause?: unknown): MmelError {
  return new MmelError("KB_DAMAGED", {
    what: `the knowledge base is damaged: ${why}`,
    where: path,
    expected: "an unmodified file from `mmel kb import`",
    hint: "Import the knowledge base again.",
    cause,
  });
}

/**
 * Returns the error for a failed read: `missing` if the file does not exist, `KB_DAMAGED` if the path is a folder, or
 * `FILE_UNREADABLE` for other errors of the file system. Returns any other error unchanged.
 */
export function readFailure(error: unknown, path: string, missing: MmelError): unknown {
  const code = codeOf(error);
  if (code === "ENOENT" || code === "ENOTDIR") return missing;
  if (code === "EISDIR") return damaged(path, "there is a folder in place of the file", error);
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  return new MmelError("FILE_UNREADABLE", {
    what: `the file cannot be read (${code})`,
    where: path,
    hint: "Check the permissions of the file.",
    cause: error,
  });
}

const REFUSED =
  /^(EACCES|EPERM|EROFS|EEXIST|ENOTDIR|ENAMETOOLONG|EIO|SQLITE_(READONLY|IOERR|CANTOPEN|PERM).*)$/;

/** Returns `FILE_UNWRITABLE` if the file system or SQLite refused to write. Returns any other error unchanged. */
export function writeFailure(error: unknown, target: string): unknown {
  const code = codeOf(error);
  const refused = code !== undefined && REFUSED.test(code);
  return refused || isDiskFull(error) ? unwritable(target, error) : error;
}

export function unwritable(target: string, cause: unknown): MmelError {
  const full = isDiskFull(cause);
  return new MmelError("FILE_UNWRITABLE", {
    what: full ? writeProblem(cause) : `the folder cannot be written: ${writeProblem(cause)}`,
    where: target,
    expected: full ? "enough free disk space" : "a writable folder",
    hint: full ? "Free disk space or choose another folder." : "Choose another folder.",
    cause,
  });
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
