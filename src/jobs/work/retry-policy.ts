import { MmelError } from "../../core/index.js";
import { isTransient } from "../../postgres/index.js";

/** The next step for a job: link it, split it to find the caption that fails, or set its only caption aside. */
export type NextStep =
  | { readonly kind: "link" | "set-aside" }
  | { readonly kind: "split"; readonly size: number };

/** Size of the parts that a larger job is split into. Jobs of at most this size are split into single captions. */
const PART = 32;
const ATTEMPTS = 2;
/**
 * Number of attempts for a job with a single caption. It is greater than `ATTEMPTS` because other problems on the
 * machine may have made the caption fail.
 */
const ATTEMPTS_ALONE = 3;

/**
 * Returns the next step for a job of `size` captions after `failures` failed attempts. An attempt fails if a caption
 * causes an error or if the worker dies.
 */
export function nextStep({ size, failures }: { size: number; failures: number }): NextStep {
  if (failures < (size === 1 ? ATTEMPTS_ALONE : ATTEMPTS)) return { kind: "link" };
  if (size === 1) return { kind: "set-aside" };
  return { kind: "split", size: size > PART ? PART : 1 };
}

/** Splits the `size` positions starting at `first` into consecutive ranges of at most `most` positions. */
export function splitRange(first: number, size: number, most: number): { first: number; size: number }[] {
  const count = Math.ceil(size / most);
  return Array.from({ length: count }, (_, index) => ({
    first: first + index * most,
    size: Math.min(most, size - index * most),
  }));
}

/** The cause of an error during a job: its captions, the worker's environment, or a request to stop. */
export type Cause = "captions" | "environment" | "stop";

export function causeOf(error: unknown): Cause {
  if (!(error instanceof MmelError)) return "captions";
  if (error.code === "ABORTED") return "stop";
  const outside = /^(KB|MODEL|QUEUE|FILE)_/.test(error.code) || error.code === "CONFIG" || isTransient(error);
  return outside ? "environment" : "captions";
}

/**
 * Formats an error for storing it with a job: JSON with the code and the first 2,000 characters of the message. In
 * JSON, NUL is escaped; the server could not store an unescaped NUL.
 */
export function failureText(error: unknown): string {
  const code = error instanceof MmelError ? error.code : "INTERNAL";
  const message = error instanceof Error ? error.message : String(error);
  return JSON.stringify({ code, error: message.slice(0, 2000) });
}

/** Parses an error stored by `failureText`. For null, returns an `INTERNAL` error with the text "unknown". */
export function parseFailure(failure: string | null): MmelError {
  const { code, error } = JSON.parse(failure ?? '{"code":"INTERNAL","error":"unknown"}') as {
    code: MmelError["code"];
    error: string;
  };
  return new MmelError(code, { what: error });
}
