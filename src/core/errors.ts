import { cutEcho, cutEchoes } from "./echo.js";

/**
 * The codes of all errors that this package throws on purpose. The codes are stable, so programs may depend on them.
 */
export const ERROR_CODES = [
  "USAGE", // an invalid command line or call
  "CONFIG", // an invalid value in a configuration file or option
  "FILE_NOT_FOUND",
  "FILE_IS_DIRECTORY",
  "FILE_UNREADABLE",
  "FILE_UNWRITABLE",
  "FORMAT", // a file that is not in the expected format
  "LINE_TOO_LONG",
  "ENCODING", // bytes that are not UTF-8, or text with a lone surrogate
  "CAPTION_INVALID",
  "OFFSETS", // start/end that do not match the text
  "ENTITY_INVALID",
  "DUPLICATE_ID",
  "KB_NOT_FOUND",
  "KB_DAMAGED",
  "KB_TOO_NEW",
  "KB_BUSY", // another import into the same target is running
  "KB_REPLACE", // an import would remove more than half of the entities, and `--replace` was not given
  "KB_UNAVAILABLE", // the server of the knowledge base does not respond in time or is too busy
  "KB_DENIED", // the server of the knowledge base refused a request: login, permission, or another error
  "MODEL_NOT_FOUND",
  "MODEL_DAMAGED",
  "MODEL_UNSUPPORTED",
  "GRAPH", // an inconsistent tensor graph: shapes, dtypes, names
  "ENGINE", // the tensor engine failed while running
  "NOT_A_NUMBER",
  "IMAGE_UNREADABLE", // not a picture, or a damaged one
  "IMAGE_TOO_LARGE", // too many bytes or pixels
  "IMAGE_UNSUPPORTED", // a picture in an unsupported format
  "PATH_OUTSIDE", // a path that is not inside the folder where it must be
  "RESUME", // an output that cannot be resumed
  "NOT_FOUND", // an unknown entity, picture or path in a request to the service
  "UNAUTHORIZED", // a missing or wrong token
  "FORBIDDEN", // a request that this caller is not allowed to make
  "TOO_LARGE", // a request that exceeds a limit of the service
  "BUSY", // the service is at capacity
  "TIMEOUT",
  "QUEUE_UNAVAILABLE", // the job server does not respond in time or is too busy
  "QUEUE_DENIED", // the job server refused a request: login, permission, disk space, or another error
  "ABORTED",
  "INSTALLATION", // a binary of this package's dependencies is missing or does not fit the machine
  "INTERNAL",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface ErrorDetail {
  /** Description of the problem, starting in lower case and without a full stop. */
  readonly what: string;
  /** Place of the problem: a file and line, an option, or an id. */
  readonly where?: string | undefined;
  /** A noun phrase for what would be valid instead. */
  readonly expected?: string | undefined;
  /** What the user can do next: one or more imperative sentences, with commands and options in backticks. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The only error class that this package throws on purpose. `message` is one line: `what, where; expected …. Hint.` What
 * it repeats from the input is shortened; see `cutEchoes`.
 */
export class MmelError extends Error {
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, given: ErrorDetail) {
    const detail = { ...given, what: cutEchoes(given.what), where: given.where && cutEcho(given.where) };
    super(sentence(detail), detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = "MmelError";
    this.code = code;
    this.detail = detail;
  }
}

function sentence({ what, where, expected, hint }: ErrorDetail): string {
  const place = where === undefined ? "" : `, ${where}`;
  const wanted = expected === undefined ? "" : `; expected ${expected}`;
  const next = hint === undefined ? "" : `. ${hint}`;
  return `${what}${place}${wanted}${next}`.replace(/\s+/g, (gap) => (/[\r\n]/.test(gap) ? " " : gap));
}

/** Throws `ABORTED` if the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new MmelError("ABORTED", { what: "interrupted", cause: signal.reason });
}
