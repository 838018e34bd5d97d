import { MmelError } from "../../core/index.js";
import { isTransient } from "../../postgres/index.js";

/** Who is to blame for an error while a piece was linked: its captions, the machine around it, or whoever stopped it. */
export type Blame = "captions" | "surroundings" | "stopped";

export function blameFor(error: unknown): Blame {
  if (!(error instanceof MmelError)) return "captions";
  if (error.code === "ABORTED") return "stopped";
  const around = /^(KB|MODEL|QUEUE|FILE)_/.test(error.code) || error.code === "CONFIG" || isTransient(error);
  return around ? "surroundings" : "captions";
}

/** An error as a piece keeps it: code and message in JSON, without what no text of the server may hold. */
export function failureOf(error: unknown): string {
  const code = error instanceof MmelError ? error.code : "INTERNAL";
  const message = error instanceof Error ? error.message : String(error);
  return JSON.stringify({ code, error: message.slice(0, 2000) });
}

/** The error that a kept failure tells of. */
export function errorOf(failure: string | null): MmelError {
  const { code, error } = JSON.parse(failure ?? '{"code":"INTERNAL","error":"unknown"}') as {
    code: MmelError["code"];
    error: string;
  };
  return new MmelError(code, { what: error });
}
