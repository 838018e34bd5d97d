import { randomBytes } from "node:crypto";
import { type FileHandle, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { z } from "zod";
import { MmelError } from "../core/index.js";
import { makeFolder } from "../core/make-folder.js";
import { createLineFile } from "../formats/index.js";

/** The kind of vectors that a store contains: their encoder, and the number of views per picture. */
interface StoreKey {
  readonly encoder: { readonly id: string; readonly hash: string };
  readonly views: number;
}

/**
 * A store for the vectors of pictures, for one encoder and number of views. The key of a picture is `content`, the
 * SHA-256 of its file in hexadecimal. Several processes may read and write at the same time, because each process
 * writes its own files. Added vectors survive if the process is killed. After a power failure, damaged entries are
 * treated as missing.
 */
export interface VectorStore extends AsyncDisposable {
  /** Returns d_v, the width of the vectors, or undefined if the store is empty. */
  readonly width: () => number | undefined;
  /**
   * Returns the vectors [views * d_v] of the picture whose file has the SHA-256 `content`. Returns undefined if the
   * vectors are missing or damaged.
   */
  read(content: string): Promise<Float32Array | undefined>;
  /**
   * Adds the vectors of the picture whose file has the SHA-256 `content`. Throws `FILE_UNWRITABLE` if they cannot be
   * written.
   */
  add(content: string, vectors: Float32Array): Promise<void>;
  /** Returns the SHA-256 recorded for a file with this stamp, or undefined if nothing is recorded. */
  readonly contentOf: (stamp: string) => string | undefined;
  /**
   * Records the SHA-256 `content` of a file with this stamp. The vectors of the picture must have been added before.
   * Throws `FILE_UNWRITABLE` if the record cannot be written.
   */
  remember(stamp: string, content: string): Promise<void>;
}

/** The location of a picture's stored vectors. */
interface RowLocation {
  readonly rows: () => Promise<FileHandle>;
  readonly row: number;
  readonly crc: number;
}

/** Opens the subfolder for a key. The subfolder is created when the first vector is added. */
export async function openVectorStore(root: string, key: StoreKey): Promise<VectorStore> {
  const folder = join(root, `${key.encoder.hash.slice(0, 16)}-views${key.views}`);
  const segments = await readSegments(folder, key);
  const locations = new Map<string, RowLocation>();
  const stamps = new Map<string, string>();
  const opened = new Map<Segment, () => Promise<FileHandle>>();
  let width = segments[0]?.header.width;
  for (const segment of segments)
    for (const line of segment.lines) {
      if ("row" in line)
        locations.set(line.content, { rows: tracked(segment), row: line.row, crc: line.crc });
      else stamps.set(line.stamp, line.content);
    }

  /** Returns a function that opens the rows of a segment. The rows are closed together with the store. */
  function tracked(segment: Segment): () => Promise<FileHandle> {
    return () => {
      opened.set(segment, segment.rows);
      return segment.rows();
    };
  }

  let writer: Promise<SegmentWriter> | undefined;
  let writing: Promise<unknown> = Promise.resolve();
  const write = <T>(work: (segment: SegmentWriter) => Promise<T>): Promise<T> => {
    writer ??= beginSegment(folder, key, width!);
    const done = writing.then(async () => work(await writer!));
    writing = done.catch(() => {});
    return done.catch((cause: unknown) => {
      throw unwritable(cause, folder);
    });
  };

  return {
    width: () => width,
    contentOf: (stamp) => stamps.get(stamp),

    async read(content) {
      const location = locations.get(content);
      if (location === undefined) return undefined;
      const vectors = new Float32Array(key.views * width!);
      const bytes = bytesOf(vectors);
      const { bytesRead } = await (await location.rows()).read(
        bytes,
        0,
        bytes.length,
        location.row * bytes.length,
      );
      if (bytesRead === bytes.length && crc32(bytes) === location.crc) return vectors;
      locations.delete(content);
      return undefined;
    },

    async add(content, vectors) {
      width ??= vectors.length / key.views;
      await write(async (segment) => {
        const written = await segment.addRow(content, vectors);
        locations.set(content, { rows: async () => segment.handle, ...written });
      });
    },

    async remember(stamp, content) {
      await write((segment) => segment.addFile(stamp, content));
      stamps.set(stamp, content);
    },

    async [Symbol.asyncDispose]() {
      await writing;
      await (await writer?.catch(() => undefined))?.[Symbol.asyncDispose]();
      for (const rows of opened.values()) await (await rows()).close();
    },
  };
}

async function readSegments(folder: string, key: StoreKey): Promise<Segment[]> {
  const names = await readdir(folder).catch(() => []);
  const bases = names
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => join(folder, name.slice(0, -6)));
  const segments = await Promise.all(bases.sort().map((base) => readSegment(base, key)));
  return segments.filter((segment) => segment !== undefined);
}

async function beginSegment(folder: string, key: StoreKey, width: number): Promise<SegmentWriter> {
  await makeFolder(folder);
  const name = `${Date.now().toString(36)}-${randomBytes(4).toString("hex")}`;
  const { id, hash } = key.encoder;
  return createSegment(join(folder, name), {
    layout: LAYOUT,
    encoder: { id, hash },
    views: key.views,
    width,
  });
}

function unwritable(cause: unknown, where: string): MmelError {
  if (cause instanceof MmelError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MmelError("FILE_UNWRITABLE", {
    what: `the vectors cannot be stored (${reason})`,
    where,
    hint: "Choose another folder for the vectors with `--features DIR` (`mmel features`: `--output DIR`).",
    cause,
  });
}

/**
 * Version of the vectors. Increment it whenever a change to decoding, resizing or views changes the vectors of a
 * picture.
 */
const LAYOUT = 1;

const headerSchema = z.object({
  layout: z.literal(LAYOUT),
  encoder: z.object({ id: z.string(), hash: z.string() }),
  views: z.int().min(1),
  /** d_v, width of a vector. */
  width: z.int().min(1),
});
type Header = z.infer<typeof headerSchema>;

/**
 * An index line for the vectors of a picture: the SHA-256 of the picture's file, the row number of the vectors, and
 * their CRC-32.
 */
const rowSchema = z.object({ content: z.string(), row: z.int().min(0), crc: z.number() });
/** An index line for a file: its `ImageFile.stamp`, and the SHA-256 of the content that the file had at this stamp. */
const fileSchema = z.object({ stamp: z.string(), content: z.string() });
const lineSchema = z.union([rowSchema, fileSchema]);
type Line = z.infer<typeof lineSchema>;

/**
 * Two files written by one process. `NAME.f32` contains rows of views × width floats. `NAME.jsonl` contains a header,
 * and then one line for each row and each recorded file.
 */
interface Segment {
  readonly header: Header;
  readonly lines: readonly Line[];
  /** Opens the file of rows on the first call, and returns the same handle on later calls. The caller closes it. */
  readonly rows: () => Promise<FileHandle>;
}

/**
 * Reads the intact lines of a segment, and drops damaged lines and an incomplete last line. Returns undefined if the
 * segment does not have the current layout and this key.
 */
async function readSegment(base: string, key: StoreKey): Promise<Segment | undefined> {
  const [first = "", ...rest] = (await readFile(`${base}.jsonl`, "utf8")).split("\n").slice(0, -1);
  const header = headerSchema.safeParse(parsed(first)).data;
  if (header?.encoder.hash !== key.encoder.hash || header.views !== key.views) return undefined;
  const lines = rest
    .map((line) => lineSchema.safeParse(parsed(line)).data)
    .filter((line): line is Line => line !== undefined);
  let handle: Promise<FileHandle> | undefined;
  return {
    header,
    lines,
    rows: () => {
      handle ??= open(`${base}.f32`, "r");
      return handle;
    },
  };
}

const rowBytes = ({ views, width }: Header): number => views * width * 4;

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Writes a new segment. No other process writes to it, and it is never reopened for writing. */
interface SegmentWriter extends AsyncDisposable {
  readonly handle: FileHandle;
  /** Writes the vectors first, and then the index line that makes the vectors visible. */
  addRow(content: string, vectors: Float32Array): Promise<{ readonly row: number; readonly crc: number }>;
  addFile(stamp: string, content: string): Promise<void>;
}

/**
 * Creates a segment. Calls to its methods must not overlap. Throws `FILE_UNWRITABLE` if the index file cannot be
 * written.
 */
async function createSegment(base: string, header: Header): Promise<SegmentWriter> {
  const index = await createLineFile(`${base}.jsonl`);
  const handle = await open(`${base}.f32`, "wx+").catch(async (error: unknown) => {
    await index.close();
    throw error;
  });
  const append = (line: Line | Header): Promise<void> => index.append(`${JSON.stringify(line)}\n`);
  await append(header);
  let next = 0;
  return {
    handle,
    async addRow(content, vectors) {
      const row = next++;
      const bytes = bytesOf(vectors);
      const crc = crc32(bytes);
      await handle.write(bytes, 0, bytes.length, row * rowBytes(header));
      await append({ content, row, crc });
      return { row, crc };
    },
    addFile: (stamp, content) => append({ stamp, content }),
    async [Symbol.asyncDispose]() {
      await handle.datasync().catch(() => {});
      await handle.close();
      await index.close();
    },
  };
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
