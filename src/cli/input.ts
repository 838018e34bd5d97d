import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { MmelError } from "../core/index.js";
import {
  createLineFile,
  type LineFile,
  type Read,
  type Rejected,
  rejectLine,
  type Source,
} from "../formats/index.js";
import { type Context, note } from "./context.js";
import { EXIT } from "./exit.js";

export interface InputOptions {
  readonly onError: "skip" | "fail";
  readonly rejects?: string | undefined;
}

export type Accepted<T> = Extract<Read<T>, { kind: "record" }>;

/** Lets the good records of an input through and deals with the others as `--on-error` and `--rejects` say. */
export interface Input extends AsyncDisposable {
  /**
   * The good records; a rejected one is noted, or thrown with `--on-error fail`. `FORMAT` when there is none, with `where`
   * they were to come from.
   */
  accept<T>(reads: AsyncIterable<Read<T>>, where: string): AsyncGenerator<Accepted<T>>;
  /** Notes one more rejected record, found later than by reading. */
  reject(rejected: Rejected): Promise<void>;
  readonly rejected: () => number;
}

const SHOWN = 10;

export async function openInput(context: Context, options: InputOptions): Promise<Input> {
  const file: LineFile | undefined =
    options.rejects === undefined ? undefined : await createLineFile(options.rejects);
  let count = 0;

  const reject = async (rejected: Rejected): Promise<void> => {
    await file?.append(rejectLine(rejected));
    if (options.onError === "fail") throw rejected.error;
    count += 1;
    context.setExitCode(EXIT.failed);
    if (count <= SHOWN) note(context, `${rejected.error.code}: ${rejected.error.message}`);
  };
  return {
    async *accept(reads, where) {
      let any = false;
      for await (const read of reads) {
        any = true;
        if (read.kind === "record") yield read;
        else await reject(read);
      }
      if (!any)
        throw new MmelError("FORMAT", { what: "the input is empty", where, expected: "at least one record" });
    },
    reject,
    rejected: () => count,
    [Symbol.asyncDispose]: async () => {
      await file?.close();
      if (count === 0) return;
      const more = count > SHOWN ? ` (the first ${SHOWN} are shown)` : "";
      note(
        context,
        `${count} rejected${more}${options.rejects === undefined ? "; --rejects FILE keeps them" : `, see ${options.rejects}`}`,
      );
    },
  };
}

/** The file of a command line, or standard input for `-` and for none. */
export function sourceOf(file: string | undefined): Source {
  if (file !== undefined && file !== "-") return file;
  if (process.stdin.isTTY) {
    throw new MmelError("USAGE", {
      what: "no file given and nothing comes on standard input",
      expected: "a file, or input from a pipe",
      hint: "--help",
    });
  }
  return process.stdin;
}

/** What errors call a source: the file as it was given. */
export const nameOf = (source: Source): string => (typeof source === "string" ? source : "standard input");

/** `USAGE` when a command would write over what it reads, or twice into one file. */
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
    const other = read.has(file)
      ? "read"
      : written.has(file)
        ? `the file of ${written.get(file)}`
        : undefined;
    written.set(file, option);
    if (other === undefined) continue;
    throw new MmelError("USAGE", {
      what: `${output} is ${other}, and cannot be written at the same time`,
      where: option,
      expected: "another file",
    });
  }
}

/** The same for all names of one file, or of one that is still to be made; undefined for devices and folders. */
async function identity(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return resolve(path);
  return found.isFile() ? `${found.dev}:${found.ino}` : undefined;
}

/** How many lines a plain file has, for progress on a terminal; undefined when counting makes no sense. */
export async function countLines(context: Context, source: Source): Promise<number | undefined> {
  if (!context.stderr.isTTY || typeof source !== "string" || source.endsWith(".gz")) return undefined;
  let lines = 0;
  try {
    for await (const chunk of createReadStream(source, { highWaterMark: 1 << 20 })) {
      for (const byte of chunk as Uint8Array) if (byte === 10) lines += 1;
    }
  } catch {
    return undefined; // the reader proper will say what is wrong with it
  }
  return lines;
}

/** The values of accepted records. */
export async function* valuesOf<T>(records: AsyncIterable<Accepted<T>>): AsyncGenerator<T> {
  for await (const { value } of records) yield value;
}
