/**
 * Reason why a request failed: the server is unreachable (`away`), is overloaded (`busy`), refuses the token
 * (`refused`), rejects the request (`invalid`), does not have the resource (`missing`), or has an internal error
 * (`failed`).
 */
export type ApiFault = "away" | "busy" | "refused" | "invalid" | "missing" | "failed";

export class ApiError extends Error {
  readonly fault: ApiFault;
  /** Seconds to wait before retrying, if the server specified a time. */
  readonly retryAfter: number | undefined;

  constructor(fault: ApiFault, message: string, retryAfter?: number) {
    super(message);
    this.name = "ApiError";
    this.fault = fault;
    this.retryAfter = retryAfter;
  }
}

/**
 * Converts an unsuccessful response to an error. The error's message is from the problem document (RFC 9457) in the
 * response. If the response has no problem document, the message contains the HTTP status.
 */
export async function errorOf(response: Response): Promise<ApiError> {
  const fault = faultOf(response.status);
  const detail = await detailOf(response);
  return new ApiError(
    fault,
    detail ?? `the server responded with status ${response.status}`,
    retryAfterOf(response.headers),
  );
}

function faultOf(status: number): ApiFault {
  if (status === 401 || status === 403) return "refused";
  if (status === 404) return "missing";
  if (status === 429 || status === 503 || status === 504) return "busy";
  if (status === 502) return "away";
  return status >= 400 && status < 500 ? "invalid" : "failed";
}

async function detailOf(response: Response): Promise<string | undefined> {
  try {
    const problem = (await response.json()) as { detail?: unknown; hint?: unknown };
    if (typeof problem.detail !== "string" || problem.detail === "") return undefined;
    return typeof problem.hint === "string"
      ? `${problem.detail}. ${problem.hint.replace(/\.$/, "")}` // callers add the final full stop
      : problem.detail;
  } catch {
    return undefined; // the body is not JSON, such as an error page from a proxy
  }
}

/**
 * Returns the seconds to wait according to the `Retry-After` header, which contains seconds or a date. Returns
 * undefined if the header is absent or invalid.
 */
export function retryAfterOf(headers: Headers, now = Date.now()): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
