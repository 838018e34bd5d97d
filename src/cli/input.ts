import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { type Caption, counted, MmelError } from "../core/index.js";
import type { Source } from "../formats/index.js";
import { createLineFile, type LineFile } from "../formats/output.js";
import {
  captionFormatOf,
  type Place,
  placeIn,
  type Read,
  type Rejected,
  rejectLine,
} from "../formats/record.js";
import { type Context, note } from "./context.js";
import { EXIT } from "./exit.js";

export interface InputOptions {
  readonly onError: "skip" | "fail";
  readonly rejects?: string | undefined;
}

export type Accepted<T> = Extract<Read<T>, { kind: "record" }>;

/** An input whose rejected records are handled according to `--on-error` and `--rejects`. */
export interface Input extends AsyncDisposable {
  /** Creates or empties the file for `--rejects`. `accept` and `reject` do so too when they are first used. */
  begin(): Promise<void>;
  /**
   * Yields the valid records. Reports each rejected record or, with `--on-error fail`, throws the error of the first
   * rejected record. Throws `FORMAT` if there are no records at all, valid or rejected; `where` is the name of the
   * input in this error.
   */
  accept<T>(reads: AsyncIterable<Read<T>>, where: string): AsyncGenerator<Accepted<T>>;
  /** Rejects a record that proved to be invalid only after it had been read. */
  reject(rejected: Rejected): Promise<void>;
  /** Returns the number of records that have been rejected so far. */
  readonly rejected: () => number;
}

const MAX_NOTES = 10;

/**
 * Opens an input. The file for `--rejects` is written only from the moment when the first record is read, so that a command
 * that fails before then leaves an existing file as it is.
 */
export function openInput(context: Context, options: InputOptions): Input {
  let file: Promise<LineFile> | undefined;
  let count = 0;
  const rejectsFile = async (): Promise<LineFile | undefined> => {
    if (options.rejects !== undefined) file ??= createLineFile(options.rejects);
    return file;
  };

  const reject = async (rejected: Rejected): Promise<void> => {
    await (await rejectsFile())?.append(rejectLine(rejected));
    if (options.onError === "fail") throw rejected.error;
    count += 1;
    context.setExitCode(EXIT.failed);
    if (count <= MAX_NOTES) note(context, `${rejected.error.code}: ${rejected.error.message}`);
  };
  return {
    begin: async () => void (await rejectsFile()),
    async *accept(reads, where) {
      await rejectsFile();
      let empty = true;
      for await (const read of reads) {
        empty = false;
        if (read.kind === "record") yield read;
        else await reject(read);
      }
      if (empty)
        throw new MmelError("FORMAT", { what: "the input is empty", where, expected: "at least one record" });
    },
    reject,
    rejected: () => count,
    [Symbol.asyncDispose]: async () => {
      await file?.then(
        (opened) => opened.close(),
        () => {}, // it was not opened, which the command has reported
      );
      if (count === 0) return;
      const shown = count > MAX_NOTES ? ` (the first ${MAX_NOTES} are shown)` : "";
      const all =
        options.rejects === undefined ? "use --rejects FILE to save their errors" : `see ${options.rejects}`;
      note(context, `${counted(count, "record was", "records were")} rejected${shown}; ${all}`);
    },
  };
}

/**
 * Returns the file that was given on the command line, or standard input if none was given or it is `-`. Throws `USAGE`
 * if standard input is needed but is a terminal.
 */
export function sourceOf({ stdin }: Context, file: string | undefined): Source {
  if (file !== undefined && file !== "-") return file;
  if (stdin.isTTY) {
    throw new MmelError("USAGE", {
      what: "no file given and standard input is a terminal",
      expected: "a file, or input from a pipe",
      hint: "Run the command with `--help` to see examples.",
    });
  }
  return stdin;
}

/** Returns the name of a source for error messages: its path as given, or "standard input". */
export const nameOf = (source: Source): string => (typeof source === "string" ? source : "standard input");

/** Throws `USAGE` if a command would overwrite one of its inputs, or write two outputs to the same file. */
export async function refuseOverwriting(
  inputs: readonly Source[],
  outputs: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const read = new Set<string | undefined>();
  for (const input of inputs) if (typeof input === "string") read.add(await identity(input));
  const written = new Map<string, string>();
  for (const [option, output] of Object.entries(outputs)) {
    const file = output === undefined ? undefined : await identity(output);
    if (file === undefined) continue;
    const conflict = read.has(file)
      ? "an input file"
      : written.has(file)
        ? `the file for ${written.get(file)}`
        : undefined;
    written.set(file, option);
    if (conflict === undefined) continue;
    throw new MmelError("USAGE", {
      what: `${output} is also ${conflict}`,
      where: option,
      expected: "a different file",
    });
  }
}

/**
 * Returns a key that is equal for all paths to the same file. If the file does not exist yet, the key is its absolute
 * path. Returns undefined for devices and folders.
 */
async function identity(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return resolve(path);
  return found.isFile() ? `${found.dev}:${found.ino}` : undefined;
}

/**
 * Counts the lines of a file for a progress bar. Returns undefined if stderr is not a terminal, and for compressed or
 * piped input, Excel files and NIF.
 */
export async function countLines(context: Context, source: Source): Promise<number | undefined> {
  if (!context.stderr.isTTY || typeof source !== "string" || /\.(?:gz|bz2|xlsx)$/i.test(source))
    return undefined;
  if (captionFormatOf(source) === "nif") return undefined;
  let lines = 0;
  try {
    for await (const chunk of createReadStream(source, { highWaterMark: 1 << 20 })) {
      for (const byte of chunk as Uint8Array) if (byte === 10) lines += 1;
    }
  } catch {
    return undefined; // the reader of the file reports the error
  }
  return lines;
}

/** Yields the values of accepted records. */
export async function* valuesOf<T>(records: AsyncIterable<Accepted<T>>): AsyncGenerator<T> {
  for await (const { value } of records) yield value;
}

/** A caption with its place in the input. */
export type LinedCaption = Caption & Place;

/** Converts the error of a caption that was read but cannot be linked. */
export function rejectedFrom(caption: LinedCaption, { code, detail }: MmelError, file: string): Rejected {
  const { line, id, text } = caption;
  const error = new MmelError(code, { ...detail, where: placeIn(file, caption) });
  return { kind: "rejected", line, id, error, excerpt: text.slice(0, 200) };
}
