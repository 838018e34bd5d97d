import { MmelError } from "../../core/index.js";
import { isTransient } from "../../postgres/index.js";

/** What a worker does with a job: link it, split it to find the caption that fails, or set its only caption aside. */
export type NextStep =
  | { readonly kind: "link" | "set-aside" }
  | { readonly kind: "split"; readonly size: number };

/** Jobs of more captions than this are split into jobs of this size, and those into single captions. */
const PART = 32;
const ATTEMPTS = 2;
/** A single caption gets more attempts, in case other problems on the machine made it fail. */
const ATTEMPTS_ALONE = 3;

/** What to do with a job of `size` captions after `failures` failed attempts, which ended with an error or a dead worker. */
export function nextStep({ size, failures }: { size: number; failures: number }): NextStep {
  if (failures < (size === 1 ? ATTEMPTS_ALONE : ATTEMPTS)) return { kind: "link" };
  if (size === 1) return { kind: "set-aside" };
  return { kind: "split", size: size > PART ? PART : 1 };
}

/** Consecutive ranges of at most `most` places that cover the `size` places from `first`. */
export function splitRange(first: number, size: number, most: number): { first: number; size: number }[] {
  const count = Math.ceil(size / most);
  return Array.from({ length: count }, (_, index) => ({
    first: first + index * most,
    size: Math.min(most, size - index * most),
  }));
}

/** What caused an error while a job was linked: its captions, the worker's environment, or a request to stop. */
export type Cause = "captions" | "environment" | "stop";

export function causeOf(error: unknown): Cause {
  if (!(error instanceof MmelError)) return "captions";
  if (error.code === "ABORTED") return "stop";
  const outside = /^(KB|MODEL|QUEUE|FILE)_/.test(error.code) || error.code === "CONFIG" || isTransient(error);
  return outside ? "environment" : "captions";
}

/** An error as a job stores it: code and message in JSON, cut to 2,000 characters. JSON escapes NUL, which the server cannot store. */
export function failureText(error: unknown): string {
  const code = error instanceof MmelError ? error.code : "INTERNAL";
  const message = error instanceof Error ? error.message : String(error);
  return JSON.stringify({ code, error: message.slice(0, 2000) });
}

/** The error that `failureText` stored. */
export function parseFailure(failure: string | null): MmelError {
  const { code, error } = JSON.parse(failure ?? '{"code":"INTERNAL","error":"unknown"}') as {
    code: MmelError["code"];
    error: string;
  };
  return new MmelError(code, { what: error });
}
