import { MmelError } from "../../core/index.js";
import { rejectLine } from "../../formats/index.js";
import type { Placed } from "../submit/chunks.js";

/** What became of a caption: its links, or why there are none. */
export interface Outcome {
  /** The caption's place in the submission, from 0. */
  readonly place: number;
  /** `rejected` cannot be linked as it is; `aside` failed again and again, and may be tried once more. */
  readonly kind: "linked" | "rejected" | "aside";
  readonly line: number;
  /** A line of a links file, or of a rejects file. */
  readonly record: string;
}

/** The outcome of a caption without links; `where` it stands is said as `mmel link` says it. */
export function outcomeWithoutLinks(
  kind: "rejected" | "aside",
  place: number,
  { line, caption }: Placed,
  file: string,
  { code, detail }: MmelError,
): Outcome {
  const error = new MmelError(code, { ...detail, where: `${file}, line ${line}` });
  const record = rejectLine({ kind: "rejected", line, id: caption.id, error, excerpt: "" }).trimEnd();
  return { place, kind, line, record };
}
