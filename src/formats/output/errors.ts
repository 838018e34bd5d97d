import { MmelError } from "../../core/index.js";

/** What a failed write means to the user; errors of our own pass unchanged. */
export function writingError(error: unknown, where: string): MmelError {
  if (error instanceof MmelError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "EISDIR")
    return new MmelError("FILE_IS_DIRECTORY", { what: "this is a folder", where, expected: "a file" });
  if (code === "ENOENT")
    return new MmelError("FILE_UNWRITABLE", {
      what: "its folder does not exist",
      where,
      hint: "making the folder first",
      cause: error,
    });
  const what = code === "ENOSPC" ? "the disk is full" : `cannot be written (${message})`;
  return new MmelError("FILE_UNWRITABLE", { what, where, cause: error });
}
