import type { MmelError } from "../core/index.js";
import { excerptOf } from "./lines.js";

/** A valid or rejected record of a file. The reader continues after a rejected record. */
export type Read<T> = (Place & { readonly kind: "record"; readonly value: T }) | Rejected;

/** The place of a record in its file. */
export interface Place {
  /** Number of the line where the record begins, counted from 1; in RDF, the number of the record. */
  readonly line: number;
  /** In RDF: the URI of the record. */
  readonly node?: string;
}

export interface Rejected {
  readonly kind: "rejected";
  /** Number of the line where the record begins, counted from 1. */
  readonly line: number;
  readonly id?: string;
  readonly error: MmelError;
  /** The beginning of the line. */
  readonly excerpt: string;
}

/** A record before validation. */
export interface Raw extends Place {
  readonly kind: "raw";
  readonly text: string;
  readonly wire: unknown;
}

/** Returns the place of a record for error messages. */
export const placeIn = (file: string, { line, node }: Place): string =>
  node === undefined ? `${file}, line ${line}` : `${file}, <${node}>`;

export type FileFormat = "jsonl" | "csv";

/** `nif` is NIF 2.0 in Turtle or N-Triples. */
export type CaptionFileFormat = FileFormat | "nif";

export interface ReadOptions {
  /** `csv` means any table: CSV, TSV or Excel. Default: see `inputFormatOf`. */
  readonly format?: FileFormat;
  /** Maximum length of a line (or CSV row) in bytes. */
  readonly maxLineBytes?: number;
  /** Called once for each unknown field name in the file, but at most 100 times; unknown fields are ignored. */
  readonly onWarning?: (warning: string) => void;
  readonly signal?: AbortSignal;
}

/** Returns a file name without the ending of compressed files: `people.csv.gz` → `people.csv`. */
export const uncompressedName = (file: string): string => file.replace(/\.(?:gz|bz2)$/i, "");

/** Returns `csv` if the name of a source ends in `.csv`, `.tsv`, `.tab` or `.xlsx`, also compressed, and otherwise JSON Lines. */
export function inputFormatOf(source: unknown): FileFormat {
  return typeof source === "string" && /\.(?:csv|tsv|tab|xlsx)$/i.test(uncompressedName(source))
    ? "csv"
    : "jsonl";
}

/** Returns whether the name of a file, which may be compressed, ends in `.ttl`, `.nt` or `.nif`. */
const isNif = (file: unknown): boolean =>
  typeof file === "string" && /\.(?:ttl|nt|nif)$/i.test(uncompressedName(file));

/** Returns the format of a file of captions, derived from its name: `nif` for `.ttl`, `.nt` and `.nif`; see also `inputFormatOf`. */
export const captionFormatOf = (source: unknown): CaptionFileFormat =>
  isNif(source) ? "nif" : inputFormatOf(source);

export type NifSyntax = "turtle" | "ntriples";

/** Returns the syntax in which NIF is written to a file: N-Triples for `.nt`, otherwise Turtle. */
export const nifSyntaxOf = (file: string | undefined): NifSyntax =>
  /\.nt$/i.test(uncompressedName(file ?? "")) ? "ntriples" : "turtle";

/** Returns the format in which a file is written, derived from the file name. Outputs without a name are JSON Lines. */
export function formatOf(file: unknown): FileFormat {
  return typeof file === "string" && /\.csv$/i.test(uncompressedName(file)) ? "csv" : "jsonl";
}

/** Converts a raw record to a rejected record. Includes the id if the record has one. */
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

/** Returns one line of a `--rejects` file: line number, id (if known), error code and error message of the record. */
export function rejectLine({ line, id, error }: Rejected): string {
  return `${JSON.stringify({ line, ...(id !== undefined && { id }), code: error.code, error: error.message })}\n`;
}
