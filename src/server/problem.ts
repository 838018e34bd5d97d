import { type ErrorCode, MmelError } from "../core/index.js";
import type { Problem } from "../formats/index.js";

/** HTTP status for each error code that a request can cause. All other codes result in status 500. */
const STATUS: Partial<Readonly<Record<ErrorCode, number>>> = {
  USAGE: 400,
  FORMAT: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  TOO_LARGE: 413,
  IMAGE_TOO_LARGE: 413,
  LINE_TOO_LONG: 413,
  CAPTION_INVALID: 422,
  OFFSETS: 422,
  ENCODING: 422,
  ENTITY_INVALID: 422,
  DUPLICATE_ID: 422,
  IMAGE_UNREADABLE: 422,
  IMAGE_UNSUPPORTED: 422,
  PATH_OUTSIDE: 422,
  FILE_NOT_FOUND: 422,
  FILE_IS_DIRECTORY: 422,
  KB_BUSY: 409,
  KB_REPLACE: 409,
  BUSY: 429,
  ABORTED: 499,
  TIMEOUT: 504,
  FILE_UNWRITABLE: 507,
};

/**
 * Converts an error to an RFC 9457 problem document. The document for an internal error contains only the code, the
 * request id and a general message.
 */
export function problemOf(error: unknown, instance: string): Problem {
  const known = error instanceof MmelError ? error : fromFramework(error);
  const { statusCode } = error as { statusCode?: number };
  const keepsStatus = statusCode === 415 || statusCode === 405;
  const status = known === undefined ? 500 : keepsStatus ? statusCode : (STATUS[known.code] ?? 500);
  if (known === undefined || status === 500)
    return {
      type: "about:blank",
      title: "Internal Server Error",
      status: 500,
      detail: "an internal error occurred; see the server's log for this request id",
      instance,
      code: known?.code ?? "INTERNAL",
    };
  const { what, where, expected, hint } = known.detail;
  return {
    type: `urn:mmel:error:${known.code}`,
    title: TITLES[status] ?? "Error",
    status,
    detail: where === undefined || status === 507 ? what : `${what}, ${where}`, // a full disk's path is no caller's business
    instance,
    code: known.code,
    ...(expected !== undefined && { expected }),
    ...(hint !== undefined && { hint }),
  };
}

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  499: "Client Closed Request",
  503: "Service Unavailable",
  504: "Gateway Timeout",
  507: "Insufficient Storage",
};

/**
 * Converts a client error (status 4xx) from Fastify or one of its plugins to an `MmelError`. Returns undefined for all
 * other errors.
 */
function fromFramework(error: unknown): MmelError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { statusCode, message } = error as Error & { statusCode?: number };
  const what = message.replace(/\.$/, "");
  if (statusCode === 413) return new MmelError("TOO_LARGE", { what });
  if (statusCode === 429) return new MmelError("BUSY", { what });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new MmelError("FORMAT", { what });
  return undefined;
}

export const entityNotFound = (id: string): MmelError =>
  new MmelError("NOT_FOUND", { what: "the entity does not exist", where: JSON.stringify(id) });
