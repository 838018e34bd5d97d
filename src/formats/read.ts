import type { z } from "zod";
import { type ErrorCode, MmelError } from "../core/index.js";
import { excerptOf } from "./lines.js";
import { parseWire, unknownFields } from "./parse.js";
import { nameOfSource, type Source } from "./source.js";

/** A record of a file, or the place where one should have been. One bad record never stops the rest. */
export type Read<T> = { readonly kind: "record"; readonly line: number; readonly value: T } | Rejected;

export interface Rejected {
  readonly kind: "rejected";
  /** Where the record begins, from 1. */
  readonly line: number;
  readonly id?: string;
  readonly error: MmelError;
  /** The beginning of what stood there. */
  readonly excerpt: string;
}

/** A record before its shape is known. */
export type Raw = {
  readonly kind: "raw";
  readonly line: number;
  readonly text: string;
  readonly wire: unknown;
};

export type FileFormat = "jsonl" | "csv";

export interface ReadOptions {
  /** Default: by the file's name, JSON Lines unless it ends in `.csv` or `.csv.gz`. */
  readonly format?: FileFormat;
  /** Longest line (or CSV row) in bytes. */
  readonly maxLineBytes?: number;
  /** Called once for each unknown field name of the file; such fields are kept out. */
  readonly onWarning?: (warning: string) => void;
  readonly signal?: AbortSignal;
}

/** How a checked wire value becomes the value that readers yield. */
export interface Shape<W, T> {
  readonly schema: z.ZodType<W>;
  readonly code: ErrorCode;
  readonly fromWire: (wire: W) => T;
}

/** Checks and converts raw records, one by one. */
export async function* decoded<W, T>(
  records: AsyncIterable<Raw | Rejected>,
  shape: Shape<W, T>,
  source: Source,
  onWarning: ReadOptions["onWarning"],
): AsyncGenerator<Read<T>> {
  const warned = new Set<string>();
  for await (const raw of records) {
    if (raw.kind === "rejected") yield raw;
    else {
      warnOnce(
        warned,
        unknownFields(shape.schema, raw.wire),
        `${nameOfSource(source)}, line ${raw.line}`,
        onWarning,
      );
      yield decode(raw, shape, nameOfSource(source));
    }
  }
}

function decode<W, T>(raw: Raw, shape: Shape<W, T>, file: string): Read<T> {
  try {
    return {
      kind: "record",
      line: raw.line,
      value: shape.fromWire(parseWire(shape.schema, raw.wire, shape.code)),
    };
  } catch (error) {
    if (!(error instanceof MmelError)) throw error;
    return reject(raw, new MmelError(error.code, { ...error.detail, where: `${file}, line ${raw.line}` }));
  }
}

/** The rejection of a raw record, with its id if it has one. */
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

const MOST_WARNINGS = 100;

function warnOnce(
  warned: Set<string>,
  fields: ReadonlySet<string>,
  where: string,
  onWarning: ReadOptions["onWarning"],
): void {
  for (const field of fields) {
    if (warned.has(field) || warned.size >= MOST_WARNINGS) continue;
    warned.add(field);
    onWarning?.(`unknown field "${field}" is ignored, first found in ${where}`);
  }
}
