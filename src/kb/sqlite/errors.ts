import { MmelError } from "../../core/index.js";

export function notFound(target: string): MmelError {
  return new MmelError("KB_NOT_FOUND", {
    what: "there is no knowledge base",
    where: target,
    expected: "a folder made by `mmel kb import`",
    hint: `Create one with \`mmel kb import FILE --kb ${target}\`.`,
  });
}

export function damaged(path: string, why: string, cause?: unknown): MmelError {
  return new MmelError("KB_DAMAGED", {
    what: `the knowledge base is damaged: ${why}`,
    where: path,
    expected: "the file as `mmel kb import` wrote it",
    hint: "Import the knowledge base again.",
    cause,
  });
}

/** The error for a failed read: `missing` if the file does not exist, else `KB_DAMAGED`, `FILE_UNREADABLE` or the error itself. */
export function readFailure(error: unknown, path: string, missing: MmelError): unknown {
  const code = codeOf(error);
  if (code === "ENOENT" || code === "ENOTDIR") return missing;
  if (code === "EISDIR") return damaged(path, "a folder has the name of the file", error);
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  return new MmelError("FILE_UNREADABLE", {
    what: `the file cannot be read (${code})`,
    where: path,
    hint: "Check its permissions.",
    cause: error,
  });
}

const DISK_FULL = /^(ENOSPC|EDQUOT|EFBIG|SQLITE_FULL)$/;
const REFUSED =
  /^(EACCES|EPERM|EROFS|EEXIST|ENOTDIR|ENAMETOOLONG|EIO|SQLITE_(READONLY|IOERR|CANTOPEN|PERM).*)$/;

/** `FILE_UNWRITABLE` if the file system or SQLite refused to write; any other error unchanged. */
export function writeFailure(error: unknown, target: string): unknown {
  const code = codeOf(error);
  const refused = code !== undefined && (DISK_FULL.test(code) || REFUSED.test(code));
  return refused ? unwritable(target, error) : error;
}

export function unwritable(target: string, cause: unknown): MmelError {
  const full = DISK_FULL.test(codeOf(cause) ?? "");
  const reason = codeOf(cause) ?? (cause instanceof Error ? cause.message : String(cause));
  return new MmelError("FILE_UNWRITABLE", {
    what: full ? `not enough disk space (${reason})` : `the folder cannot be written (${reason})`,
    where: target,
    expected: full ? "space for a new version next to the current one" : "a writable folder",
    hint: full ? "Free some space or choose another folder." : "Choose another folder.",
    cause,
  });
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
