import { realpath, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
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
import { fileBelow } from "./below.js";
import { openImageFile } from "./file.js";
import { createGate } from "./gate.js";
import { openVectorStore } from "./store/open.js";
import { checkViews, viewsOf } from "./views.js";

export interface FeaturesOptions {
  /** The folder below which pictures lie; nothing outside it is read. */
  readonly images: string;
  /** The folder that keeps vectors; may be shared by runs, encoders and folders of pictures. */
  readonly store: string;
  /** From `findImageEncoder`; it is loaded when the first vector is missing. */
  readonly encoder: ImageEncoderFiles;
  /** Vectors a picture: 1, 3, 4 or 6, see `viewsOf`; default 1. */
  readonly views?: number;
  readonly limits?: ImageLimits;
  /** Threads of the encoder; default: all cores. */
  readonly threads?: number;
  /** Stops new work; what runs is finished and kept. */
  readonly signal?: AbortSignal;
}

/** What a call of `vectors` had to do: nothing but look at the file's stamp; read it; decode and encode it. */
export type Effort = "unchanged" | "read" | "encoded";

export interface PictureVectors {
  /** [views * d_v] */
  readonly vectors: Float32Array;
  readonly effort: Effort;
}

/** The vectors of the pictures of a folder. */
export interface Features extends AsyncDisposable {
  readonly encoder: { readonly id: string; readonly hash: string };
  readonly views: number;
  /** d_v, from the store, or by loading the encoder. */
  width(): Promise<number>;
  /**
   * The vectors of a picture, each file looked at once as long as these features are open. Calls at the same time are
   * decoded beside one another and encoded together. A bad picture: `IMAGE_…`, `PATH_OUTSIDE`, `FILE_…`, with its path.
   */
  picture(path: string): Promise<PictureVectors>;
  /** The same vectors alone: what `MmelOptions.images` wants. */
  vectors(path: string): Promise<Float32Array>;
  /** How much the encoder did since these features were opened: pictures (views count) and seconds. */
  readonly encoded: () => { readonly pictures: number; readonly seconds: number };
}

/** Pictures a run of the encoder. */
const BATCH = 16;

/** `FILE_NOT_FOUND`: no folder of pictures; `CONFIG`: no such number of views. */
export async function openFeatures(options: FeaturesOptions): Promise<Features> {
  const { encoder, views = 1, limits = IMAGE_LIMITS, threads, signal } = options;
  checkViews(views);
  const root = await folderOf(options.images);
  const store = await openVectorStore(options.store, { encoder, views });
  // Decoded pictures wait in memory for the encoder: two batches, whatever their number.
  const gate = createGate(Math.max(BATCH, 2 * availableParallelism()));
  let opening: Promise<ImageEncoder> | undefined;
  const open = (): Promise<ImageEncoder> => {
    opening ??= openImageEncoder(encoder, { threads });
    return opening;
  };
  const batcher = createBatcher(open, BATCH);
  /** By path, the content that was found there. */
  const contents = new Map<string, Promise<Found>>();
  /** By content, what is being encoded. */
  const encoding = new Map<string, Promise<void>>();

  const encode = async (content: string, bytes: Uint8Array): Promise<void> => {
    const pixels = await decodeImage(bytes, limits);
    const parts = await Promise.all(viewsOf(pixels, views).map((view) => batcher.encode(view)));
    const width = parts[0]!.length;
    const vectors = new Float32Array(views * width);
    parts.forEach((part, at) => {
      vectors.set(part, at * width);
    });
    await store.add(content, vectors);
  };
  /** Encodes a content unless it is there or on its way; says whether it did. */
  const ensure = async (content: string, bytes: Uint8Array): Promise<boolean> => {
    if (await store.read(content)) return false;
    const running = encoding.get(content);
    if (running !== undefined) return running.then(() => false);
    const work = encode(content, bytes);
    encoding.set(content, work);
    await work.finally(() => encoding.delete(content));
    return true;
  };
  const find = async (path: string): Promise<Found> => {
    await using file = await openImageFile(await fileBelow(root, path), limits);
    const known = store.contentOf(file.stamp);
    if (known !== undefined && (await store.read(known))) return { content: known, effort: "unchanged" };
    const { bytes, content } = await file.read();
    const effort = (await ensure(content, bytes)) ? "encoded" : "read";
    await store.remember(file.stamp, content).catch(() => {}); // a store that only can be read serves as well
    return { content, effort };
  };
  const found = (path: string): Promise<Found> => {
    const known = contents.get(path);
    if (known !== undefined) return known;
    const finding = gate(async () => {
      throwIfAborted(signal);
      return find(path);
    }).catch((error: unknown) => {
      throw withPath(error, path);
    });
    contents.set(path, finding);
    return finding;
  };
  const picture = async (path: string): Promise<PictureVectors> => {
    const { content, effort } = await found(path);
    const vectors = await store.read(content);
    if (vectors !== undefined) return { vectors, effort };
    throw new MmelError("FILE_UNREADABLE", { what: "stored vectors were damaged meanwhile", where: path });
  };
  return {
    encoder: { id: encoder.id, hash: encoder.hash },
    views,
    width: async () => store.width() ?? (await open()).width,
    picture,
    vectors: async (path) => (await picture(path)).vectors,
    encoded: batcher.spent,
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(contents.values());
      await store[Symbol.asyncDispose]();
      await (await opening?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}

interface Found {
  readonly content: string;
  readonly effort: Effort;
}

async function folderOf(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined && (await stat(real)).isDirectory()) return real;
  throw new MmelError("FILE_NOT_FOUND", {
    what: "no such folder",
    where: path,
    expected: "a folder of pictures",
  });
}

/** The error of a picture, saying which one. */
function withPath(error: unknown, path: string): unknown {
  if (!(error instanceof MmelError) || error.detail.where !== undefined) return error;
  return new MmelError(error.code, { ...error.detail, where: JSON.stringify(path) });
}
