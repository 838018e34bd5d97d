import type { Rejected } from "./read.js";

/** The line of a `--rejects` file: where the record stood, its id if it had one, and why it was left out. */
export function rejectLine({ line, id, error }: Rejected): string {
  return `${JSON.stringify({ line, ...(id !== undefined && { id }), code: error.code, error: error.message })}\n`;
}
