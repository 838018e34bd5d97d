import { createReadStream, existsSync } from "node:fs";
import { type FileHandle, open, readdir, readFile, rm, rmdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { makeFolder } from "../../core/make-folder.js";
import { linesOf, writeAtomically, writingError } from "../../formats/index.js";
import { LOCK_FILE } from "../../kb/folder-lock.js";
import { BEGINNING } from "./blocks.js";
import type { BadInFile } from "./collect.js";
import type { Draft } from "./draft.js";
import { addId } from "./id-set.js";

/** Names of the files to which data is appended while a dump is being read. */
const SEGMENTS = ["drafts", "labels", "redirects", "taken", "unlabelled", "needed", "bad"] as const;
type Segment = (typeof SEGMENTS)[number];

/** A file in which only the first `length` bytes are valid. */
export interface SegmentFile {
  readonly path: string;
  readonly length: number;
}

const stateSchema = z.object({
  version: z.literal(2),
  /** Hash of the settings and of the names of the dump files. */
  settings: z.string(),
  /** Index of the file that is being read, or the number of files if all files have been read. */
  file: z.int(),
  /** Position in the file that is being read. */
  place: z.object({ bytes: z.int(), lines: z.int(), crc: z.int() }),
  /** Whether the opening bracket (`opened`) and the closing bracket (`closed`) of the file's array have been found. */
  opened: z.boolean(),
  closed: z.boolean(),
  counts: z.object({ taken: z.int(), nameless: z.int(), redirects: z.int(), missing: z.int() }),
  lines: z.int(),
  bytes: z.int(),
  /** Number of valid bytes in each segment. */
  lengths: z.record(z.enum(SEGMENTS), z.int()),
});

/** The progress of reading the files. */
export type State = Omit<z.infer<typeof stateSchema>, "version" | "settings" | "lengths">;

const INITIAL_STATE: State = {
  file: 0,
  place: BEGINNING,
  opened: false,
  closed: false,
  counts: { taken: 0, nameless: 0, redirects: 0, missing: 0 },
  lines: 0,
  bytes: 0,
};
const EMPTY_SEGMENTS: Readonly<Record<Segment, number>> = {
  drafts: 0,
  labels: 0,
  redirects: 0,
  taken: 0,
  unlabelled: 0,
  needed: 0,
  bad: 0,
};
const STATE_FILE = "state.json";
/** Name of the database with the labels that entities need. */
export const LABEL_TABLE = "labels.sqlite";

/**
 * A folder in which an import of a dump stores its progress, so that the import can be resumed. Data that was added
 * before a completed `save` survives if the process is killed or the power fails. Later data is cut off when the import
 * is resumed.
 */
export interface WorkFolder extends AsyncDisposable {
  /**
   * Returns the state that is being saved or was last saved. Before the first save, returns the state to resume from.
   */
  state(): State;
  /** Appends data to all segments. If this fails for one segment, the data is discarded for all of them. */
  add(bytes: Readonly<Record<Segment, Uint8Array>>): Promise<void>;
  /**
   * Starts saving the state and the lengths of the segments in the background. Returns false if an earlier save is
   * still running. Throws the error of an earlier save that failed.
   */
  trySave(state: State): boolean;
  /** Saves the state and the lengths of the segments. */
  save(state: State): Promise<void>;
  segment(name: Segment): SegmentFile;
  path(name: string): string;
}

const OUR_FILES = new RegExp(
  `^(${[...SEGMENTS, STATE_FILE, LABEL_TABLE, LOCK_FILE].join("|")})(-journal)?$|^\\.${STATE_FILE}\\..*\\.tmp$`,
);

/**
 * Creates the folder if necessary. Throws `CONFIG` if the folder contains files that do not belong to an import, and
 * `FILE_UNWRITABLE` if it cannot be created or read.
 */
export async function prepareWorkFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
    const foreign = (await readdir(folder)).find((name) => !OUR_FILES.test(name));
    if (foreign === undefined) return;
    throw new MmelError("CONFIG", {
      what: `the folder contains files that do not belong to an import, such as ${JSON.stringify(foreign)}`,
      where: folder,
      expected: "a new or empty folder",
      hint: `Choose another folder, such as \`--work-dir ${join(folder, "wikidata")}\`.`,
    });
  } catch (error) {
    throw writingError(error, folder);
  }
}

/** Deletes the files of an import, and also the folder if it is empty afterwards. */
export async function removeWorkFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (OUR_FILES.test(name)) await rm(join(folder, name), { force: true });
  await rmdir(folder).catch(() => {});
}

export interface WorkFolderOptions {
  /** Hash of the settings and of the names of the dump files. */
  readonly settings: string;
  readonly resume: boolean;
  /** Called after the state of an interrupted import has been discarded. */
  readonly onStartOver?: (() => void) | undefined;
}

/**
 * Opens the folder. With `resume`, restores the state of an interrupted import if there is one. In all other cases,
 * discards the earlier state and data. Throws `RESUME` if the interrupted import cannot be resumed, for example because
 * it had other settings.
 */
export async function openWorkFolder(
  folder: string,
  { settings, resume, onStartOver }: WorkFolderOptions,
): Promise<WorkFolder> {
  const found = resume ? await readState(folder, settings) : undefined;
  if (found === undefined && existsSync(join(folder, STATE_FILE))) {
    await rm(join(folder, STATE_FILE), { force: true });
    onStartOver?.();
  }
  let state: State = found ?? INITIAL_STATE;
  const lengths = { ...(found?.lengths ?? EMPTY_SEGMENTS) };
  const files = new Map<Segment, FileHandle>();
  for (const segment of SEGMENTS)
    files.set(segment, await openSegment(join(folder, segment), lengths[segment]));
  let saving: Promise<void> | undefined;
  let failure: unknown;
  const write = async (saved: State, ends: Record<Segment, number>): Promise<void> => {
    try {
      await Promise.all([...files.values()].map((file) => file.datasync()));
      const text = JSON.stringify({ version: 2, settings, ...saved, lengths: ends });
      await writeAtomically(join(folder, STATE_FILE), [`${text}\n`]);
    } catch (error) {
      throw writingError(error, folder);
    }
  };
  const startSaving = (saved: State): Promise<void> => {
    state = saved;
    saving = write(saved, { ...lengths })
      .catch((error: unknown) => {
        failure = error;
      })
      .finally(() => {
        saving = undefined;
      });
    return saving;
  };
  return {
    state: () => state,
    segment: (name) => ({ path: join(folder, name), length: lengths[name] }),
    path: (name) => join(folder, name),
    async add(bytes) {
      try {
        for (const [segment, file] of files) await file.writeFile(bytes[segment]);
      } catch (error) {
        throw writingError(error, folder);
      }
      for (const segment of SEGMENTS) lengths[segment] += bytes[segment].length;
    },
    trySave(saved) {
      if (failure !== undefined) throw failure;
      if (saving !== undefined) return false;
      startSaving(saved);
      return true;
    },
    async save(saved) {
      await saving;
      await startSaving(saved);
      if (failure !== undefined) throw failure;
    },
    async [Symbol.asyncDispose]() {
      await saving;
      for (const file of files.values()) await file.close();
      files.clear();
    },
  };
}

/**
 * Returns the state of an interrupted import, or undefined if there is none. Throws `RESUME` if the import cannot be
 * resumed.
 */
async function readState(folder: string, settings: string) {
  const path = join(folder, STATE_FILE);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw notResumable(error.message, path, error);
  });
  if (text === undefined) return undefined;
  const state = parseState(text, path);
  if (state.settings !== settings) throw notResumable("it was started with different files or options", path);
  return state;
}

function parseState(text: string, path: string) {
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (error) {
    throw notResumable("its state file is damaged or from another version of mmel", path, error);
  }
}

/**
 * Opens a segment for appending, and cuts off the bytes after `length`. Throws `RESUME` if the segment is shorter than
 * `length`.
 */
async function openSegment(path: string, length: number): Promise<FileHandle> {
  const file = await open(path, "a");
  const { size } = await file.stat();
  if (size < length) {
    await file.close();
    throw notResumable("its files are shorter than its state file says", path);
  }
  await truncate(path, length);
  return file;
}

function notResumable(why: string, where: string, cause?: unknown): MmelError {
  return new MmelError("RESUME", {
    what: `the interrupted import cannot be resumed: ${why}`,
    where,
    hint: "Start over by running the import without `--resume`.",
    cause,
  });
}

/**
 * Reads a segment that contains 32-bit integers in native byte order. Returns them as a set that `addId` can extend.
 */
export async function readNumbers(segment: SegmentFile): Promise<Map<number, Uint32Array>> {
  const set = new Map<number, Uint32Array>();
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of segmentBytes(segment)) {
    const bytes = new Uint8Array(rest.length + chunk.length);
    bytes.set(rest);
    bytes.set(chunk, rest.length);
    const whole = bytes.length - (bytes.length % 4);
    for (const number of new Uint32Array(bytes.buffer, 0, whole / 4)) addId(set, number);
    rest = bytes.subarray(whole);
  }
  return set;
}

/** Yields the drafts in a segment, with their line numbers. */
export async function* readDrafts(
  segment: SegmentFile,
): AsyncGenerator<readonly [line: number, draft: Draft]> {
  for await (const line of segmentLines(segment)) yield JSON.parse(line);
}

export async function* readBadLines(segment: SegmentFile): AsyncGenerator<BadInFile> {
  for await (const line of segmentLines(segment)) yield JSON.parse(line);
}

async function* segmentLines(segment: SegmentFile): AsyncGenerator<string> {
  for await (const line of linesOf(segmentBytes(segment), Number.POSITIVE_INFINITY, segment.path)) {
    if (line.kind === "bad") throw line.error;
    yield line.text;
  }
}

async function* segmentBytes({ path, length }: SegmentFile): AsyncGenerator<Uint8Array> {
  if (length > 0) yield* createReadStream(path, { end: length - 1, highWaterMark: 1 << 18 });
}
