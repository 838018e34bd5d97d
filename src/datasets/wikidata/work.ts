import { type FileHandle, mkdir, open, readdir, readFile, rm, rmdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { MmelError } from "../../core/index.js";
import { writeAtomically, writingError } from "../../formats/index.js";
import { LOCK } from "../../kb/sqlite/layout.js";
import { BEGINNING } from "./blocks.js";

/** The files that grow while a dump is read. */
const SEGMENTS = ["drafts", "labels", "redirects", "bad"] as const;
export type Segment = (typeof SEGMENTS)[number];

const place = z.object({ bytes: z.int(), lines: z.int(), crc: z.int() });
const stateSchema = z.object({
  version: z.literal(1),
  /** Hash of what decides the result: settings, and names of the files. */
  settings: z.string(),
  /** The file being read, by its position among the files; after the last one when all are read. */
  file: z.int(),
  /** Where in it. */
  place,
  /** Whether the opening bracket of its array was seen. */
  opened: z.boolean(),
  closed: z.boolean(),
  counts: z.object({ taken: z.int(), nameless: z.int(), redirects: z.int(), missing: z.int() }),
  lines: z.int(),
  bytes: z.int(),
  /** Bytes of each segment that belong to what was read so far. */
  lengths: z.object({ drafts: z.int(), labels: z.int(), redirects: z.int(), bad: z.int() }),
});

/** How far the reading of the files came. */
export type State = Omit<z.infer<typeof stateSchema>, "version" | "settings" | "lengths">;

/**
 * The folder in which an import of a dump gathers what it reads, so that it can go on after it was killed. What was added
 * before the last `save` that resolved is there after a kill or a loss of power; what came later is cut off.
 */
export interface Work extends AsyncDisposable {
  /** How far the reading came: at first where to go on, then what was saved last. */
  state(): State;
  /** Adds to all segments, or, when that fails, to none. */
  add(bytes: Readonly<Record<Segment, Uint8Array>>): Promise<void>;
  /** Notes how far the segments go; resolves before it is on disk, and waits for the save before. */
  save(state: State): Promise<void>;
  /** The file of a segment, and how many bytes of it count. */
  segment(name: Segment): { readonly path: string; readonly length: number };
  path(name: string): string;
}

const START: State = {
  file: 0,
  place: BEGINNING,
  opened: false,
  closed: false,
  counts: { taken: 0, nameless: 0, redirects: 0, missing: 0 },
  lines: 0,
  bytes: 0,
};
const STATE = "state.json";
/** The database of the labels that are needed. */
export const LABEL_TABLE = "labels.sqlite";
const OURS = new RegExp(
  `^(${[...SEGMENTS, STATE, LABEL_TABLE, LOCK].join("|")})(-journal)?$|^\\.${STATE}\\..*\\.tmp$`,
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

/** Begins anew, or with `resume` goes on if there is something to go on with. `RESUME` when its settings are others. */
export async function openWork(folder: string, settings: string, resume: boolean): Promise<Work> {
  const found = resume ? await readState(folder, settings) : undefined;
  if (found === undefined) await rm(join(folder, STATE), { force: true });
  let state: State = found ?? START;
  const lengths: Record<Segment, number> = {
    ...(found?.lengths ?? { drafts: 0, labels: 0, redirects: 0, bad: 0 }),
  };
  const files = new Map<Segment, FileHandle>();
  for (const segment of SEGMENTS)
    files.set(segment, await openSegment(join(folder, segment), lengths[segment]));
  let saving: Promise<void> = Promise.resolve();
  const write = async (saved: State, ends: Record<Segment, number>): Promise<void> => {
    try {
      await Promise.all([...files.values()].map((file) => file.datasync()));
      const text = JSON.stringify({ version: 1, settings, ...saved, lengths: ends });
      await writeAtomically(join(folder, STATE), [`${text}\n`]);
    } catch (error) {
      throw writingError(error, folder);
    }
  };
  const close = async (): Promise<void> => {
    await saving.catch(() => {}); // what is not saved is read again
    for (const file of files.values()) await file.close();
    files.clear();
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
    async save(saved) {
      await saving;
      state = saved;
      saving = write(saved, { ...lengths });
      saving.catch(() => {}); // told by the next save
    },
    [Symbol.asyncDispose]: close,
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

async function readState(folder: string, settings: string) {
  const path = join(folder, STATE);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw unusable(error.message, path, error);
  });
  if (text === undefined) return undefined;
  const state = parsed(text, path);
  if (state.settings !== settings) throw unusable("it was begun with other files or options", path);
  return state;
}

function parsed(text: string, path: string) {
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (error) {
    throw unusable("its state cannot be read", path, error);
  }
}

function unusable(why: string, where: string, cause?: unknown): MmelError {
  return new MmelError("RESUME", {
    what: `the interrupted import cannot go on: ${why}`,
    where,
    expected: "the same files and options as before",
    hint: "the import without --resume, which starts over",
    cause,
  });
}
