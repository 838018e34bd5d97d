/** The codes of all errors thrown on purpose. They are stable, so programs may depend on them. */
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
  "KB_UNAVAILABLE", // its server does not answer, or not in time, or is too busy
  "KB_DENIED", // its server refused a request: login, permission, or another error
  "MODEL_NOT_FOUND",
  "MODEL_DAMAGED",
  "MODEL_UNSUPPORTED",
  "GRAPH", // an inconsistent tensor graph: shapes, dtypes, names
  "ENGINE", // the tensor engine failed while running
  "NOT_A_NUMBER",
  "IMAGE_UNREADABLE", // not a picture, or a damaged one
  "IMAGE_TOO_LARGE", // too many bytes or pixels
  "IMAGE_UNSUPPORTED", // a picture in an unsupported format
  "PATH_OUTSIDE", // a path that leads out of its folder
  "RESUME", // an output that cannot be resumed
  "NOT_FOUND", // an entity, picture or address that the service does not have
  "UNAUTHORIZED", // a missing or wrong token
  "FORBIDDEN", // a request that this caller is not allowed to make
  "TOO_LARGE", // a request that exceeds a limit of the service
  "BUSY", // the service is at capacity
  "TIMEOUT",
  "QUEUE_UNAVAILABLE", // the job server does not answer, or not in time, or is too busy
  "QUEUE_DENIED", // the job server refused a request: login, permission, disk space, or another error
  "ABORTED",
  "INTERNAL",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

export interface ErrorDetail {
  /** What is wrong, in plain words, starting in lower case. */
  readonly what: string;
  /** The file and line, option, or id. */
  readonly where?: string | undefined;
  /** What is valid instead, as a noun phrase. */
  readonly expected?: string | undefined;
  /** What to do next: an imperative sentence with its full stop; commands and options in backticks. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** The only error class thrown on purpose. `message` is one line: `what, where; expected …. Hint.` */
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

/** Throws `ABORTED` if the signal has fired. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new MmelError("ABORTED", { what: "interrupted", cause: signal.reason });
}
