import { randomBytes } from "node:crypto";
import { type FileHandle, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { MmelError } from "../core/index.js";
import { LAYOUT, readSegment, type Segment, type StoreKey } from "./store/segment.js";
import { bytesOf, createSegment, type SegmentWriter } from "./store/write.js";

/**
 * Vectors of pictures by the SHA-256 of their files' content, for one encoder and number of views. Several processes may
 * read and write at once: each writes files of its own. What was added survives a kill of the process; after a loss of
 * power, what is damaged is not found.
 */
export interface VectorStore extends AsyncDisposable {
  /** d_v; undefined: the store is empty. */
  readonly width: () => number | undefined;
  /** [views * d_v]; undefined: none, or damaged. */
  read(content: string): Promise<Float32Array | undefined>;
  /** `FILE_UNWRITABLE` */
  add(content: string, vectors: Float32Array): Promise<void>;
  /** The content a file had when it bore this stamp. */
  readonly contentOf: (stamp: string) => string | undefined;
  /** `FILE_UNWRITABLE`. The content's vectors must be there. */
  remember(stamp: string, content: string): Promise<void>;
}

interface Place {
  readonly rows: () => Promise<FileHandle>;
  readonly row: number;
  readonly crc: number;
}

/** Opens the part of a folder that belongs to a key; the folder is made with the first vector. */
export async function openVectorStore(root: string, key: StoreKey): Promise<VectorStore> {
  const folder = join(root, `${key.encoder.hash.slice(0, 16)}-views${key.views}`);
  const segments = await readSegments(folder, key);
  const places = new Map<string, Place>();
  const stamps = new Map<string, string>();
  const opened = new Map<Segment, () => Promise<FileHandle>>();
  let width = segments[0]?.header.width;
  for (const segment of segments)
    for (const line of segment.lines) {
      if ("row" in line) places.set(line.content, { rows: tracked(segment), row: line.row, crc: line.crc });
      else stamps.set(line.stamp, line.content);
    }

  /** The rows of a segment, which is then closed in the end. */
  function tracked(segment: Segment): () => Promise<FileHandle> {
    return () => {
      opened.set(segment, segment.rows);
      return segment.rows();
    };
  }

  let writer: Promise<SegmentWriter> | undefined;
  let writing: Promise<unknown> = Promise.resolve();
  const write = <T>(work: (into: SegmentWriter) => Promise<T>): Promise<T> => {
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
      const place = places.get(content);
      if (place === undefined) return undefined;
      const vectors = new Float32Array(key.views * width!);
      const bytes = bytesOf(vectors);
      const { bytesRead } = await (await place.rows()).read(bytes, 0, bytes.length, place.row * bytes.length);
      if (bytesRead === bytes.length && crc32(bytes) === place.crc) return vectors;
      places.delete(content);
      return undefined;
    },

    async add(content, vectors) {
      width ??= vectors.length / key.views;
      await write(async (into) => {
        const placed = await into.addRow(content, vectors);
        places.set(content, { rows: async () => into.handle, ...placed });
      });
    },

    async remember(stamp, content) {
      await write((into) => into.addFile(stamp, content));
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
  await mkdir(folder, { recursive: true });
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
  const why = cause instanceof Error ? cause.message : String(cause);
  return new MmelError("FILE_UNWRITABLE", {
    what: `vectors cannot be stored (${why})`,
    where,
    hint: "another folder to keep them in (--features DIR)",
    cause,
  });
}
