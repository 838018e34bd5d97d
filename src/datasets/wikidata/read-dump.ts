import { createReadStream, type ReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { MmelError, throwIfAborted } from "../../core/index.js";
import { bytesOf, readingError } from "../../formats/index.js";
import { BEGINNING, type Block, blocksOf } from "./blocks.js";
import { type BadInFile, type BadLine, idIn } from "./collect.js";
import { dumpBytes } from "./dump-bytes.js";
import { tooLong } from "./scan.js";
import type { ScanAnswer, ScanPool } from "./scan-pool.js";
import type { State, WorkFolder } from "./work-folder.js";

export interface DumpOptions {
  /** Maximum length of a line in bytes. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DumpProgress) => void) | undefined;
}

export interface DumpProgress {
  readonly file: string;
  /**
   * Share of this run that is complete, from 0 to 1, measured in bytes before decompression. Undefined if a file is a
   * pipe.
   */
  readonly share: number | undefined;
  /** Number of decompressed bytes read from all files, including bytes that were read before an interruption. */
  readonly bytes: number;
  readonly lines: number;
  readonly taken: number;
}

/** Minimum number of decompressed bytes between two saves of the state. Reading them takes a fraction of a second. */
const SAVE_AFTER = 8 << 20;

/**
 * Reads dump files into the work folder, starting at the position that the folder's state specifies. All threads of the
 * pool scan lines. Yields the lines that cannot be used. Always saves the state at the end, even after an error. Throws
 * `FORMAT` if a file is truncated or an API response is invalid, `RESUME` if a file differs from the file that an
 * earlier run read, and `ABORTED` if the signal fires.
 */
export async function* readDump(
  files: readonly string[],
  work: WorkFolder,
  pool: ScanPool,
  options: DumpOptions,
): AsyncGenerator<BadInFile> {
  let state = work.state();
  let saved = state.bytes;
  let complete = false;
  try {
    const size = await sizeOf(files.slice(state.file));
    let before = 0;
    for (let file = state.file; file < files.length; file++) {
      const path = files[file]!;
      const input = openFile(path);
      for await (const { block, answer } of scannedBlocks(input, path, state, pool, options)) {
        if (!block.whole && state.opened && !answer.closed) break; // the file is truncated within this line
        for (const bad of answer.bad) yield { ...bad, file };
        const { drafts, labels, redirects } = answer;
        const numbers = {
          taken: bytesOfNumbers(answer.taken),
          unlabelled: bytesOfNumbers(answer.unlabelled),
          needed: bytesOfNumbers(answer.needed),
        };
        await work.add({ drafts, labels, redirects, ...numbers, bad: badLines(answer.bad, file) });
        state = stateAfter(state, block, answer);
        if (state.bytes - saved >= SAVE_AFTER && work.trySave(state)) saved = state.bytes;
        const share = size === undefined ? undefined : (before + input.bytesRead) / size;
        const { bytes, lines, counts } = state;
        options.onProgress?.({ file: path, share, bytes, lines, taken: counts.taken });
      }
      before += input.bytesRead;
      if (state.opened && !state.closed) throw truncated(path, state);
      state = { ...state, file: file + 1, place: BEGINNING, opened: false, closed: false };
    }
    complete = true;
  } catch (error) {
    throw withProgress(error, files[state.file] ?? "", state);
  } finally {
    const saving = work.save(state);
    await (complete ? saving : saving.catch(() => {})); // if reading failed, its error takes precedence
  }
}

interface ScannedBlock {
  readonly block: Block;
  readonly answer: ScanAnswer;
}

/**
 * Scans the blocks of a file, `pool.width` blocks at a time, and yields them in order. If reading the file fails, first
 * yields all blocks read so far, and then throws the error.
 */
async function* scannedBlocks(
  input: ReadStream | typeof process.stdin,
  path: string,
  { place }: State,
  pool: ScanPool,
  { limit, signal }: DumpOptions,
): AsyncGenerator<ScannedBlock> {
  const pending: Promise<ScannedBlock>[] = [];
  const blocks = blocksOf(dumpBytes(bytesOf(input, signal), basename(path)), place, limit);
  let failure: { readonly error: unknown } | undefined;
  try {
    for (;;) {
      const next = await blocks.next().catch((error: unknown) => {
        failure = { error };
      });
      if (next === undefined || next.done) break;
      const scanned = scanBlock(next.value, pool, limit);
      scanned.catch(() => {}); // the error is handled when this block is awaited
      pending.push(scanned);
      while (pending.length >= pool.width) yield await pending.shift()!;
    }
    while (pending.length > 0) yield await pending.shift()!;
  } finally {
    await blocks.return(undefined);
  }
  throwIfAborted(signal);
  if (failure !== undefined) throw failure.error;
}

async function scanBlock(block: Block, pool: ScanPool, limit: number): Promise<ScannedBlock> {
  return { block, answer: block.kind === "long" ? rejectLong(block, limit) : await pool.scan(block) };
}

/** Returns the scan result for a line that is too long to be scanned. */
function rejectLong({ line, size, excerpt }: Extract<Block, { kind: "long" }>, limit: number): ScanAnswer {
  const id = idIn(excerpt);
  const code = "LINE_TOO_LONG" as const;
  const bad = [{ line, ...(id !== undefined && { id }), code, detail: tooLong(size, limit), excerpt }];
  const counts = { taken: 0, nameless: 0, redirects: 0, missing: 0 };
  const texts = { drafts: NO_BYTES, labels: NO_BYTES, redirects: NO_BYTES };
  const numbers = { taken: NO_NUMBERS, unlabelled: NO_NUMBERS, needed: NO_NUMBERS };
  return { ...texts, ...numbers, bad, counts, opened: false, closed: false };
}

const NO_BYTES = new Uint8Array();
const NO_NUMBERS = new Uint32Array();

function stateAfter(state: State, { end }: Block, { counts, opened, closed }: ScanAnswer): State {
  const sum = (key: keyof State["counts"]): number => state.counts[key] + counts[key];
  return {
    ...state,
    place: end,
    opened: state.opened || opened,
    closed: state.closed || closed,
    counts: {
      taken: sum("taken"),
      nameless: sum("nameless"),
      redirects: sum("redirects"),
      missing: sum("missing"),
    },
    lines: state.lines + end.lines - state.place.lines,
    bytes: state.bytes + end.bytes - state.place.bytes,
  };
}

const bytesOfNumbers = ({ buffer }: Uint32Array<ArrayBuffer>): Uint8Array => new Uint8Array(buffer);

function badLines(bad: readonly BadLine[], file: number): Uint8Array {
  return Buffer.from(bad.map((line) => `${JSON.stringify({ ...line, file })}\n`).join(""));
}

function openFile(path: string): ReadStream | typeof process.stdin {
  return path === "-" ? process.stdin : createReadStream(path, { highWaterMark: 1 << 18 });
}

/**
 * Returns the total size of all files in bytes, or undefined if one of them is a pipe. Throws `FILE_NOT_FOUND` if a
 * file does not exist, `FILE_IS_DIRECTORY` if a path is a folder, and `FILE_UNREADABLE` if a file cannot be accessed.
 */
export async function sizeOf(files: readonly string[]): Promise<number | undefined> {
  let size: number | undefined = 0;
  for (const path of files) {
    const bytes = path === "-" ? undefined : await fileSize(path);
    size = size === undefined || bytes === undefined ? undefined : size + bytes;
  }
  return size;
}

async function fileSize(path: string): Promise<number | undefined> {
  const found = await stat(path).catch((error: unknown) => {
    throw readingError(error, path);
  });
  if (found.isDirectory())
    throw new MmelError("FILE_IS_DIRECTORY", {
      what: "the path is a folder",
      where: path,
      expected: "a dump file",
    });
  return found.isFile() ? found.size : undefined;
}

const RESUME = "Run the same command with `--resume` to continue.";
const DOWNLOAD_AND_RESUME = "Download the file again, then run the same command with `--resume`.";
const TRUNCATED = "the dump is truncated";

/** Returns the error for a dump whose array is not closed. */
function truncated(path: string, state: State): MmelError {
  return new MmelError("FORMAT", {
    what: `${TRUNCATED}, after ${progressOf(state)}`,
    where: path,
    expected: "a closing ] in the last line",
    hint: DOWNLOAD_AND_RESUME,
  });
}

/**
 * Adds two facts to `ABORTED` errors and to `FORMAT` errors about a file: how much had been read, and how to continue.
 * Returns other errors unchanged.
 */
function withProgress(error: unknown, path: string, state: State): unknown {
  if (!(error instanceof MmelError)) return error;
  const { code, detail } = error;
  if (code === "ABORTED")
    return new MmelError(code, {
      ...detail,
      what: `interrupted after ${progressOf(state)} of ${path}`,
      hint: RESUME,
    });
  if (code !== "FORMAT" || detail.what.startsWith(TRUNCATED) || detail.where === undefined) return error;
  return new MmelError(code, {
    ...detail,
    what: `${detail.what}; ${progressOf(state)} had been read`,
    where: path,
    hint: DOWNLOAD_AND_RESUME,
  });
}

const progressOf = ({ place }: State): string =>
  `${place.lines.toLocaleString("en")} lines (${Math.round(place.bytes / 1e6).toLocaleString("en")} MB)`;
