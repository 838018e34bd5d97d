import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MmelError, type Random } from "../../src/core/index.js";
import type { Read } from "../../src/formats/index.js";

/** The files of an input, by path. */
export type Files = Readonly<Record<string, Uint8Array>>;

/** Changes an input. The same random numbers must result in the same files. */
export type Generator = (files: Files, random: Random) => Files;

/** A row of the campaign: something that reads files or requests from strangers. */
export interface Reader {
  readonly name: string;
  /** Creates a valid input. May use `folder` for its own files, which are kept until the campaign ends. */
  readonly sample: (folder: string) => Files | Promise<Files>;
  /** Files that the general generators change. Default: all. */
  readonly targets?: readonly string[];
  /** Generators for this reader alone. They make a third of its inputs. */
  readonly special?: readonly Generator[];
  /** Reads the input in the folder `input`. May write to the folder `output` only. */
  readonly read: (input: string, output: string) => Promise<unknown>;
  /** Limit of processor time in seconds. Default: 5. */
  readonly seconds?: number;
  /** Limit of additional memory in MiB. Default: 400. */
  readonly megabytes?: number;
  /** Number of inputs in the short run. Default: 12. */
  readonly inputs?: number;
}

/** Returns the limit of processor time, in seconds. */
export const secondsOf = ({ seconds = 5 }: Reader): number => seconds;

/** Whether the input being read is the valid one, which nothing may reject. */
export const expected = { valid: false };

/** Reads all records. The error of a rejected record must be named, like an error that is thrown. */
export async function drain(reads: AsyncIterable<Read<unknown>>): Promise<void> {
  for await (const read of reads) {
    if (read.kind !== "rejected") continue;
    if (expected.valid) throw read.error;
    assertNamed(read.error);
  }
}

/** Throws an error unless `error` is one that users can understand. */
export function assertNamed(error: unknown): void {
  if (error instanceof MmelError && error.code !== "INTERNAL") return;
  const shown = error instanceof Error ? (error.stack ?? error.message) : String(error);
  throw new Error(`unnamed error: ${shown.slice(0, 2000)}`, { cause: error });
}

export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
}

export const text = (content: string): Uint8Array => Buffer.from(content);
export const json = (value: unknown): Uint8Array => text(JSON.stringify(value));
export const jsonLines = (values: readonly unknown[]): Uint8Array =>
  text(values.map((value) => `${JSON.stringify(value)}\n`).join(""));
