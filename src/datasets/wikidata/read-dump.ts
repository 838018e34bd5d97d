import { createReadStream, type ReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { MmelError, throwIfAborted } from "../../core/index.js";
import { bytesOf } from "../../formats/index.js";
import { dumpBytes } from "./dump-bytes.js";
import { BEGINNING, type Block, blocksOf } from "./blocks.js";
import { idIn } from "./collect.js";
import { cutOff, explained } from "./dump-errors.js";
import type { Answer, ScanPool } from "./scan-pool.js";
import { tooLong } from "./scan.js";
import type { BadLine } from "./scanned.js";
import type { State } from "./state.js";
import type { Work } from "./work-folder.js";

export interface DumpOptions {
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DumpProgress) => void) | undefined;
}

export interface DumpProgress {
  readonly file: string;
  /** Share of the bytes of all files that were still to be read, packed as they are; unknown with pipes. */
  readonly share: number | undefined;
  /** Unpacked, of all files, from the beginning also after an interruption. */
  readonly bytes: number;
  readonly lines: number;
  readonly taken: number;
}

/** A line that holds no entity, and the position of its file. */
export type BadInFile = BadLine & { readonly file: number };

/** Unpacked bytes after which the state is saved: a fraction of a second's work. */
const SAVE_AFTER = 8 << 20;

/**
 * Reads dump files into the folder of `work`, from where it stands, scanned by all threads. Lines without an entity come
 * out, also those of before an interruption. When it ends early, for whatever reason, the state has been saved.
 * `FORMAT` for a file that ends in the middle, `RESUME` when a file is not the one read before.
 */
export async function* readDump(
  files: readonly string[],
  work: Work,
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
      for await (const { block, answer } of answers(input, path, state, pool, options)) {
        if (!block.whole && state.opened && !answer.closed) break; // a file that was cut off in this line
        for (const bad of answer.bad) yield { ...bad, file };
        const { drafts, labels, redirects, taken, needed } = answer;
        const numbers = { taken: bytesOfNumbers(taken), needed: bytesOfNumbers(needed) };
        await work.add({ drafts, labels, redirects, ...numbers, bad: badLines(answer.bad, file) });
        state = after(state, block, answer);
        if (state.bytes - saved >= SAVE_AFTER && work.trySave(state)) saved = state.bytes;
        const share = size === undefined ? undefined : (before + input.bytesRead) / size;
        const { bytes, lines, counts } = state;
        options.onProgress?.({ file: path, share, bytes, lines, taken: counts.taken });
      }
      before += input.bytesRead;
      if (state.opened && !state.closed) throw cutOff(path, state);
      state = { ...state, file: file + 1, place: BEGINNING, opened: false, closed: false };
    }
    complete = true;
  } catch (error) {
    throw explained(error, files[state.file] ?? "", state);
  } finally {
    const saving = work.save(state);
    await (complete ? saving : saving.catch(() => {})); // what ended the reading is told, not that nothing was saved
  }
}

/** Scanned blocks in order; as many as keep all threads busy are on their way. What was scanned before an error comes first. */
async function* answers(
  input: ReadStream | typeof process.stdin,
  path: string,
  { place }: State,
  pool: ScanPool,
  { limit, signal }: DumpOptions,
): AsyncGenerator<{ readonly block: Block; readonly answer: Answer }> {
  const waiting: { readonly block: Block; readonly answer: Promise<Answer> }[] = [];
  const settle = async () => {
    const { block, answer } = waiting.shift()!;
    return { block, answer: await answer };
  };
  const blocks = blocksOf(dumpBytes(bytesOf(input, signal), basename(path)), place, limit);
  let failure: { readonly error: unknown } | undefined;
  try {
    for (;;) {
      const next = await blocks.next().catch((error: unknown) => {
        failure = { error };
      });
      if (next === undefined || next.done) break;
      const block = next.value;
      const answer = block.kind === "long" ? Promise.resolve(unread(block, limit)) : pool.scan(block);
      answer.catch(() => {}); // told when its turn comes
      waiting.push({ block, answer });
      while (waiting.length >= pool.width) yield await settle();
    }
    while (waiting.length > 0) yield await settle();
  } finally {
    await blocks.return(undefined);
  }
  throwIfAborted(signal);
  if (failure !== undefined) throw failure.error;
}

const NOTHING = new Uint8Array();
const NONE = new Uint32Array();

const bytesOfNumbers = ({ buffer }: Uint32Array<ArrayBuffer>): Uint8Array => new Uint8Array(buffer);

/** The answer to a line that is too long to be scanned. */
function unread({ line, size, excerpt }: Extract<Block, { kind: "long" }>, limit: number): Answer {
  const id = idIn(excerpt);
  const code = "LINE_TOO_LONG" as const;
  const bad = [{ line, ...(id !== undefined && { id }), code, detail: tooLong(size, limit), excerpt }];
  const counts = { taken: 0, nameless: 0, redirects: 0, missing: 0 };
  const texts = { drafts: NOTHING, labels: NOTHING, redirects: NOTHING };
  return { ...texts, taken: NONE, needed: NONE, bad, counts, opened: false, closed: false };
}

function after(state: State, { end }: Block, { counts, opened, closed }: Answer): State {
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

function badLines(bad: readonly BadLine[], file: number): Uint8Array {
  return Buffer.from(bad.map((one) => `${JSON.stringify({ ...one, file })}\n`).join(""));
}

function openFile(path: string): ReadStream | typeof process.stdin {
  return path === "-" ? process.stdin : createReadStream(path, { highWaterMark: 1 << 18 });
}

/** Bytes of all files; undefined when one is a pipe. `FILE_NOT_FOUND`, `FILE_IS_DIRECTORY`. */
export async function sizeOf(files: readonly string[]): Promise<number | undefined> {
  let size: number | undefined = 0;
  for (const path of files) {
    const bytes = path === "-" ? undefined : await fileSize(path);
    size = size === undefined || bytes === undefined ? undefined : size + bytes;
  }
  return size;
}

async function fileSize(path: string): Promise<number | undefined> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new MmelError("FILE_NOT_FOUND", { what: "no such file", where: path, cause });
  });
  if (found.isDirectory())
    throw new MmelError("FILE_IS_DIRECTORY", { what: "this is a folder", where: path, expected: "a dump" });
  return found.isFile() ? found.size : undefined;
}
