import type { MmelError } from "../core/index.js";
import { excerptOf } from "./lines.js";

/** A record of a file, or a rejected one. A rejected record never stops the reader. */
export type Read<T> = { readonly kind: "record"; readonly line: number; readonly value: T } | Rejected;

export interface Rejected {
  readonly kind: "rejected";
  /** The line where the record begins, from 1. */
  readonly line: number;
  readonly id?: string;
  readonly error: MmelError;
  /** The beginning of the line. */
  readonly excerpt: string;
}

/** A record before validation. */
export type Raw = {
  readonly kind: "raw";
  readonly line: number;
  readonly text: string;
  readonly wire: unknown;
};

export type FileFormat = "jsonl" | "csv";

export interface ReadOptions {
  /** Default: CSV if the file name ends in `.csv` or `.csv.gz`, else JSON Lines. */
  readonly format?: FileFormat;
  /** Maximum length of a line (or CSV row) in bytes. */
  readonly maxLineBytes?: number;
  /** Called once for each unknown field name in the file; unknown fields are ignored. */
  readonly onWarning?: (warning: string) => void;
  readonly signal?: AbortSignal;
}

/** The format of a file by its name. */
export function formatOf(file: unknown): FileFormat {
  return typeof file === "string" && /\.csv(\.gz)?$/i.test(file) ? "csv" : "jsonl";
}

/** Rejects a raw record, with its id if it has one. */
export function reject({ line, text, wire }: Raw, error: MmelError): Rejected {
  const id = typeof wire === "object" && wire !== null && "id" in wire ? wire.id : undefined;
  return {
    kind: "rejected",
    line,
    ...(typeof id === "string" && { id }),
    error,
    excerpt: excerptOf(text),
  };
}

/** One line of a `--rejects` file: the line of the record, its id if known, the code and the error. */
export function rejectLine({ line, id, error }: Rejected): string {
  return `${JSON.stringify({ line, ...(id !== undefined && { id }), code: error.code, error: error.message })}\n`;
}
