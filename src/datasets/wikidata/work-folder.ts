import { existsSync } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rm, rmdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import { MmelError } from "../../core/index.js";
import { writeAtomically, writingError } from "../../formats/index.js";
import { LOCK_FILE } from "../../kb/folder-lock.js";
import { NOTHING, readState, SEGMENTS, type Segment, START, STATE, type State, unusable } from "./state.js";

/**
 * The folder in which an import of a dump gathers what it reads, so that it can go on after it was killed. What was added
 * before the last `save` that resolved is there after a kill or a loss of power; what came later is cut off.
 */
export interface Work extends AsyncDisposable {
  /** How far the reading came: at first where to go on, then what was saved last. */
  state(): State;
  /** Adds to all segments, or, when that fails, to none. */
  add(bytes: Readonly<Record<Segment, Uint8Array>>): Promise<void>;
  /** Begins to note how far the segments go, unless that is still being done; says whether it did. */
  trySave(state: State): boolean;
  /** Notes how far the segments go. */
  save(state: State): Promise<void>;
  /** The file of a segment, and how many bytes of it count. */
  segment(name: Segment): { readonly path: string; readonly length: number };
  path(name: string): string;
}

/** The database of the labels that are needed. */
export const LABEL_TABLE = "labels.sqlite";
const OURS = new RegExp(
  `^(${[...SEGMENTS, STATE, LABEL_TABLE, LOCK_FILE].join("|")})(-journal)?$|^\\.${STATE}\\..*\\.tmp$`,
);

/** Makes the folder, unless it is there. `CONFIG` when it holds anything else. */
export async function prepareWork(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    const foreign = (await readdir(folder)).find((name) => !OURS.test(name));
    if (foreign === undefined) return;
    throw new MmelError("CONFIG", {
      what: `the folder holds other files, such as ${JSON.stringify(foreign)}`,
      where: folder,
      expected: "a new or an empty folder",
      hint: `--work-dir ${join(folder, "wikidata")}`,
    });
  } catch (error) {
    throw writingError(error, folder);
  }
}

/** Removes the folder with what an import left in it. */
export async function removeWork(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (OURS.test(name)) await rm(join(folder, name), { force: true });
  await rmdir(folder).catch(() => {});
}

export interface WorkOptions {
  /** Hash of what decides the result. */
  readonly settings: string;
  readonly resume: boolean;
  /** Called when what an interrupted import left has been thrown away. */
  readonly onStartOver?: (() => void) | undefined;
}

/** Begins anew, or with `resume` goes on if there is something to go on with. `RESUME` when its settings are others. */
export async function openWork(
  folder: string,
  { settings, resume, onStartOver }: WorkOptions,
): Promise<Work> {
  const found = resume ? await readState(folder, settings) : undefined;
  if (found === undefined && existsSync(join(folder, STATE))) {
    await rm(join(folder, STATE), { force: true });
    onStartOver?.();
  }
  let state: State = found ?? START;
  const lengths = { ...(found?.lengths ?? NOTHING) };
  const files = new Map<Segment, FileHandle>();
  for (const segment of SEGMENTS)
    files.set(segment, await openSegment(join(folder, segment), lengths[segment]));
  let saving: Promise<void> | undefined;
  let failure: unknown;
  const write = async (saved: State, ends: Record<Segment, number>): Promise<void> => {
    try {
      await Promise.all([...files.values()].map((file) => file.datasync()));
      const text = JSON.stringify({ version: 1, settings, ...saved, lengths: ends });
      await writeAtomically(join(folder, STATE), [`${text}\n`]);
    } catch (error) {
      throw writingError(error, folder);
    }
  };
  const begin = (saved: State): Promise<void> => {
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
      begin(saved);
      return true;
    },
    async save(saved) {
      await saving;
      await begin(saved);
      if (failure !== undefined) throw failure;
    },
    async [Symbol.asyncDispose]() {
      await saving;
      for (const file of files.values()) await file.close();
      files.clear();
    },
  };
}

async function openSegment(path: string, length: number): Promise<FileHandle> {
  const file = await open(path, "a");
  const { size } = await file.stat();
  if (size < length) {
    await file.close();
    throw unusable("its files are shorter than it says", path);
  }
  await truncate(path, length);
  return file;
}
