/**
 * Why the server did not answer: it cannot be reached (`away`), has too much to do (`busy`), wants another token
 * (`refused`), cannot use what it was sent (`invalid`), does not have it (`missing`), or failed itself (`failed`).
 */
export type ApiFault = "away" | "busy" | "refused" | "invalid" | "missing" | "failed";

export class ApiError extends Error {
  readonly fault: ApiFault;
  /** Seconds that the server asks to wait. */
  readonly retryAfter: number | undefined;

  constructor(fault: ApiFault, message: string, retryAfter?: number) {
    super(message);
    this.name = "ApiError";
    this.fault = fault;
    this.retryAfter = retryAfter;
  }
}

/** The error that a response without success means; its problem document (RFC 9457) has the words. */
export async function errorOf(response: Response): Promise<ApiError> {
  const fault = faultOf(response.status);
  const words = await detailOf(response);
  return new ApiError(
    fault,
    words ?? `the server answered ${response.status}`,
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
    return typeof problem.hint === "string" ? `${problem.detail}; try ${problem.hint}` : problem.detail;
  } catch {
    return undefined; // a proxy's own page, say
  }
}

/** Seconds of a Retry-After header, which holds seconds or a date. */
export function retryAfterOf(headers: Headers, now = Date.now()): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
