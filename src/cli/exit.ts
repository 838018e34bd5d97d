import { type ErrorCode, MmelError } from "../core/index.js";
import { plain } from "./table.js";

/** Exit codes of the process. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

const USAGE_CODES: ReadonlySet<ErrorCode> = new Set([
  "USAGE",
  "CONFIG",
  "FILE_NOT_FOUND",
  "FILE_IS_DIRECTORY",
  "KB_NOT_FOUND",
  "KB_REPLACE",
  "MODEL_NOT_FOUND",
]);

/** Returns the exit code for a command that failed with this error. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof MmelError)) return EXIT.failed;
  if (error.code === "ABORTED") return EXIT.interrupted;
  return USAGE_CODES.has(error.code) ? EXIT.usage : EXIT.failed;
}

/** Returns the line that a failing command prints to stderr. With `debug`, the stack trace follows. */
export function errorLine(error: unknown, debug: boolean): string {
  const known = error instanceof MmelError ? error : unexpected(error);
  const line = `mmel: ${known.code}: ${plain(known.message)}`;
  return debug && error instanceof Error ? `${line}\n${error.stack ?? ""}${causes(error)}` : line;
}

function unexpected(error: unknown): MmelError {
  return new MmelError("INTERNAL", {
    what: error instanceof Error ? error.message : String(error),
    hint: "Run the command again with `--debug` and report the output.",
  });
}

function causes(error: Error): string {
  return error.cause instanceof Error
    ? `\ncaused by: ${error.cause.stack ?? error.cause.message}${causes(error.cause)}`
    : "";
}
