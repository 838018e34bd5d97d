import { availableParallelism } from "node:os";
import { LRUCache } from "lru-cache";
import pLimit from "p-limit";
import { MmelError, throwIfAborted } from "../core/index.js";
import {
  decodeImage,
  IMAGE_LIMITS,
  type ImageEncoder,
  type ImageEncoderFiles,
  type ImageLimits,
  openImageEncoder,
} from "../encoders/image/index.js";
import { createBatcher } from "./batcher.js";
import { openImageFile } from "./image-file.js";
import { fileBelow, realFolder } from "./safe-path.js";
import { openVectorStore } from "./vector-store.js";
import { checkViews, viewsOf } from "./views.js";

export interface FeaturesOptions {
  /** Folder that contains the pictures. Nothing outside it is read. */
  readonly images: string;
  /** Folder where the vectors are stored. Several runs, encoders and picture folders may share it. */
  readonly store: string;
  /** The result of `findImageEncoder`. The encoder is loaded when a vector is first missing from the store. */
  readonly encoder: ImageEncoderFiles;
  /** Number of vectors per picture: 1, 3, 4 or 6 (see `viewsOf`). Default: 1. */
  readonly views?: number;
  readonly limits?: ImageLimits;
  /** Number of threads that the encoder uses. Default: one per core. */
  readonly threads?: number;
  /**
   * After the signal has fired, new work and pictures that are being decoded throw `ABORTED`. Encoding that is already
   * running is finished, and its results are stored.
   */
  readonly signal?: AbortSignal;
  /** Resolves a path to a file. Default: `fileBelow`. Needed only if some pictures are stored outside the folder. */
  readonly locate?: typeof fileBelow;
  /** Returns whether the vectors of the picture with this path are kept only in memory. Default: never. */
  readonly isTemporary?: (path: string) => boolean;
}

/**
 * The work that was needed to get a picture's vectors. `unchanged`: only the file's stamp was compared. `read`: the
 * file was also read. `encoded`: the picture was also decoded and encoded.
 */
export type Effort = "unchanged" | "read" | "encoded";

export interface PictureVectors {
  /** The vectors of all views, one after another: [views * d_v]. */
  readonly vectors: Float32Array;
  readonly effort: Effort;
}

/** The vectors of the pictures in a folder. */
export interface Features extends AsyncDisposable {
  readonly encoder: { readonly id: string; readonly hash: string };
  readonly views: number;
  /** Returns d_v, the width of the vectors. Reads it from the store; if the store is empty, loads the encoder. */
  width(): Promise<number>;
  /**
   * Returns the vectors of a picture. The caller must not modify them. The file is checked for changes again only if
   * its path is not among the 65,536 most recently used paths. Concurrent calls decode in parallel and encode in
   * batches. If the picture cannot be used, throws an `IMAGE_…`, `PATH_OUTSIDE` or `FILE_…` error that contains the
   * path.
   */
  picture(path: string): Promise<PictureVectors>;
  /** Like `picture`, but returns only the vectors. */
  vectors(path: string): Promise<Float32Array>;
  /**
   * Returns the amount of encoding since `openFeatures`: the number of pictures (each view counts as a picture), and
   * the seconds that the encoder took.
   */
  readonly encoded: () => { readonly pictures: number; readonly seconds: number };
}

/** Number of pictures per batch for the encoder. */
const BATCH = 16;
/** Number of paths to cache. Files with a cached path are not checked for changes. */
const CACHED_PATHS = 1 << 16;
/** Number of vector values to keep in memory. They take 32 MiB. */
const CACHED_VALUES = 1 << 23;

/**
 * Opens the vectors of the pictures in a folder. Throws `FILE_NOT_FOUND` if the folder does not exist, and `CONFIG` if
 * the number of views is not supported.
 */
export async function openFeatures(options: FeaturesOptions): Promise<Features> {
  const { encoder, views = 1, limits = IMAGE_LIMITS, threads, signal, locate = fileBelow } = options;
  const { isTemporary = () => false } = options;
  checkViews(views);
  const root = await realFolder(options.images);
  const store = await openVectorStore(options.store, { encoder, views });
  // Limits the number of decoded pictures that wait in memory for the encoder.
  const limit = pLimit(Math.max(BATCH, 2 * availableParallelism()));
  let opening: Promise<ImageEncoder> | undefined;
  const open = (): Promise<ImageEncoder> => {
    opening ??= openImageEncoder(encoder, { threads });
    return opening;
  };
  const batcher = createBatcher(open, BATCH);
  const contents = new LRUCache<string, Promise<Found>>({ max: CACHED_PATHS }); // keyed by path
  const recent = createVectorCache(CACHED_VALUES); // keyed by content hash
  const encoding = new Map<string, Promise<void>>(); // keyed by content hash
  const pending = new Set<Promise<unknown>>();

  const encode = async (content: string, bytes: Uint8Array, temporary: boolean): Promise<void> => {
    const pixels = await decodeImage(bytes, limits, signal);
    const parts = await Promise.all(viewsOf(pixels, views).map((view) => batcher.encode(view)));
    const width = parts[0]!.length;
    const vectors = new Float32Array(views * width);
    parts.forEach((part, view) => {
      vectors.set(part, view * width);
    });
    if (!temporary) await store.add(content, vectors);
    recent.set(content, vectors);
  };
  const stored = async (content: string): Promise<Float32Array | undefined> => {
    const vectors = recent.get(content) ?? (await store.read(content));
    if (vectors !== undefined) recent.set(content, vectors);
    return vectors;
  };
  /**
   * Encodes a picture, unless its vectors are stored or are already being computed. `content` is the SHA-256 of
   * `bytes`. Returns whether this call encoded the picture.
   */
  const ensure = async (content: string, bytes: Uint8Array, temporary: boolean): Promise<boolean> => {
    if (await stored(content)) return false;
    const running = encoding.get(content);
    if (running !== undefined) return running.then(() => false);
    const work = encode(content, bytes, temporary);
    encoding.set(content, work);
    await work.finally(() => encoding.delete(content));
    return true;
  };
  const find = async (path: string): Promise<Found> => {
    await using file = await openImageFile(await locate(root, path), limits);
    const known = store.contentOf(file.stamp);
    if (known !== undefined && (await stored(known))) return { content: known, effort: "unchanged" };
    const { bytes, content } = await file.read();
    const temporary = isTemporary(path);
    const effort = (await ensure(content, bytes, temporary)) ? "encoded" : "read";
    if (!temporary) await store.remember(file.stamp, content).catch(() => {}); // not fatal: the store may be read-only
    return { content, effort };
  };
  const found = (path: string): Promise<Found> => {
    const known = contents.get(path);
    if (known !== undefined) return known;
    const finding = limit(async () => {
      throwIfAborted(signal);
      return find(path);
    }).catch((error: unknown) => {
      throw withPath(error, path);
    });
    contents.set(path, finding);
    pending.add(finding);
    const done = (): unknown => pending.delete(finding);
    finding.then(done, done);
    return finding;
  };
  const picture = async (path: string): Promise<PictureVectors> => {
    const { content, effort } = await found(path);
    const vectors = await stored(content);
    if (vectors !== undefined) return { vectors, effort };
    throw new MmelError("FILE_UNREADABLE", {
      what: "the stored vectors were damaged during the run",
      where: path,
    });
  };
  return {
    encoder: { id: encoder.id, hash: encoder.hash },
    views,
    width: async () => store.width() ?? (await open()).width,
    picture,
    vectors: async (path) => (await picture(path)).vectors,
    encoded: batcher.spent,
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(pending);
      await store[Symbol.asyncDispose]();
      await (await opening?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}

interface Found {
  readonly content: string;
  readonly effort: Effort;
}

/**
 * Creates a cache with a maximum total number of vector values. It always keeps the vectors that were set last, even if
 * they alone exceed the maximum.
 */
export function createVectorCache(maxValues: number): LRUCache<string, Float32Array> {
  return new LRUCache<string, Float32Array>({
    maxSize: maxValues,
    sizeCalculation: ({ length }) => Math.min(Math.max(length, 1), maxValues), // lru-cache drops entries above maxSize
  });
}

/** Returns the error with the picture's path added. */
function withPath(error: unknown, path: string): unknown {
  if (!(error instanceof MmelError) || error.detail.where !== undefined) return error;
  return new MmelError(error.code, { ...error.detail, where: JSON.stringify(path) });
}
