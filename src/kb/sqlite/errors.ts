import { MmelError } from "../../core/index.js";

export function notFound(target: string): MmelError {
  return new MmelError("KB_NOT_FOUND", {
    what: "no knowledge base",
    where: target,
    expected: "a folder made by `mmel kb import`",
    hint: `mmel kb import FILE --kb ${target}`,
  });
}

export function damaged(path: string, why: string, cause?: unknown): MmelError {
  return new MmelError("KB_DAMAGED", {
    what: `the knowledge base is damaged: ${why}`,
    where: path,
    expected: "the file as it was imported",
    hint: "mmel kb import to import it again",
    cause,
  });
}

/** What a failed read of a file means; `missing` is for a file that is not there. */
export function readFailure(error: unknown, path: string, missing: MmelError): unknown {
  const code = codeOf(error);
  if (code === "ENOENT" || code === "ENOTDIR") return missing;
  if (code === "EISDIR") return damaged(path, "a folder stands in place of a file", error);
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  return new MmelError("FILE_UNREADABLE", {
    what: `the file cannot be read (${code})`,
    where: path,
    hint: "changing its permissions",
    cause: error,
  });
}

const FULL = /^(ENOSPC|EDQUOT|EFBIG|SQLITE_FULL)$/;
const REFUSED =
  /^(EACCES|EPERM|EROFS|EEXIST|ENOTDIR|ENAMETOOLONG|EIO|SQLITE_(READONLY|IOERR|CANTOPEN|PERM).*)$/;

/** `FILE_UNWRITABLE` for an error of the file system or of SQLite that means so; any other error as it is. */
export function writeFailure(error: unknown, target: string): unknown {
  const code = codeOf(error);
  const unwritten = code !== undefined && (FULL.test(code) || REFUSED.test(code));
  return unwritten ? unwritable(target, error) : error;
}

export function unwritable(target: string, cause: unknown): MmelError {
  const full = FULL.test(codeOf(cause) ?? "");
  const reason = codeOf(cause) ?? (cause instanceof Error ? cause.message : String(cause));
  return new MmelError("FILE_UNWRITABLE", {
    what: full ? `no room for the knowledge base (${reason})` : `the folder cannot be written (${reason})`,
    where: target,
    expected: full ? "room for the new version beside the current one" : "a folder that may be written",
    hint: "another folder for --kb",
    cause,
  });
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
