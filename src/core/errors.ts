/** Every way this project fails on purpose; the code is stable and may be matched by programs. */
export const ERROR_CODES = [
  "USAGE", // a command line or call that cannot be understood
  "CONFIG", // a configuration file or option with a wrong value
  "FILE_NOT_FOUND",
  "FILE_IS_DIRECTORY",
  "FILE_UNREADABLE",
  "FILE_UNWRITABLE",
  "FORMAT", // a file that is not of its format at all
  "LINE_TOO_LONG",
  "ENCODING", // bytes that are not UTF-8, or text with a lone surrogate
  "CAPTION_INVALID",
  "OFFSETS", // start/end that disagree with the text
  "ENTITY_INVALID",
  "DUPLICATE_ID",
  "KB_NOT_FOUND",
  "KB_DAMAGED",
  "KB_TOO_NEW",
  "KB_BUSY", // another import into the same target is running
  "KB_UNAVAILABLE", // the server that holds it does not answer, or not in time
  "KB_DENIED", // a server that refuses the login, or a role without the right
  "MODEL_NOT_FOUND",
  "MODEL_DAMAGED",
  "MODEL_UNSUPPORTED",
  "GRAPH", // a tensor graph that does not fit together: shapes, dtypes, names
  "ENGINE", // the tensor engine failed while running
  "NOT_A_NUMBER",
  "IMAGE_UNREADABLE", // no picture, or a damaged one
  "IMAGE_TOO_LARGE", // too many bytes or pixels
  "IMAGE_UNSUPPORTED", // a picture of a form that is not dealt with
  "PATH_OUTSIDE", // a path that leads out of the folder it belongs to
  "RESUME", // an output that cannot be continued
  "NOT_FOUND", // an entity, picture or address that a service does not have
  "UNAUTHORIZED", // no token, or a wrong one
  "FORBIDDEN", // what this caller may not do
  "TOO_LARGE", // a request over a limit of a service
  "BUSY", // a service that has as much to do as it takes on
  "TIMEOUT",
  "QUEUE_UNAVAILABLE", // the server of the jobs does not answer, or went away
  "QUEUE_DENIED", // the server of the jobs does not do what it was asked: password, right, disk
  "ABORTED",
  "INTERNAL",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface ErrorDetail {
  /** What is wrong, in words a user understands. */
  readonly what: string;
  /** File and line, option, or id. */
  readonly where?: string | undefined;
  /** What would have been right. */
  readonly expected?: string | undefined;
  /** What to do next: an imperative sentence with its full stop; commands and options in backticks. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** The only error class thrown on purpose. `message` is `what, where; expected …. Hint.` in one line. */
export class MmelError extends Error {
  readonly code: ErrorCode;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, detail: ErrorDetail) {
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
  return `${what}${place}${wanted}${next}`.replace(/\s*[\r\n]+\s*/g, " ");
}

/** Throws `ABORTED` when the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new MmelError("ABORTED", { what: "interrupted", cause: signal.reason });
}
