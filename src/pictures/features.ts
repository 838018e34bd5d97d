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
import { fileBelow, folderOf } from "./safe-path.js";
import { openImageFile } from "./image-file.js";
import { createGate } from "./gate.js";
import { createRecent } from "./recent.js";
import { openVectorStore } from "./vector-store.js";
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
  /** How a path becomes a file, for who keeps pictures elsewhere too; default: `fileBelow` the folder. */
  readonly locate?: typeof fileBelow;
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
   * The vectors of a picture, which nobody may change; a file is not looked at again as long as its path is among the last
   * 65,536. Calls at the same time are decoded beside one another and encoded together. A bad picture: `IMAGE_…`, `PATH_OUTSIDE`, `FILE_…`, with its path.
   */
  picture(path: string): Promise<PictureVectors>;
  /** The same vectors alone: what `MmelOptions.images` wants. */
  vectors(path: string): Promise<Float32Array>;
  /** How much the encoder did since these features were opened: pictures (views count) and seconds. */
  readonly encoded: () => { readonly pictures: number; readonly seconds: number };
}

/** Pictures a run of the encoder. */
const BATCH = 16;
/** Paths whose content stays known without looking at the file again. */
const PATHS = 1 << 16;
/** Values of vectors that stay in memory: 32 MiB. */
const VALUES = 1 << 23;

/** `FILE_NOT_FOUND`: no folder of pictures; `CONFIG`: no such number of views. */
export async function openFeatures(options: FeaturesOptions): Promise<Features> {
  const { encoder, views = 1, limits = IMAGE_LIMITS, threads, signal, locate = fileBelow } = options;
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
  const contents = createRecent<Promise<Found>>(PATHS);
  /** By content, its vectors. */
  const recent = createRecent<Float32Array>(VALUES, ({ length }) => length);
  /** By content, what is being encoded. */
  const encoding = new Map<string, Promise<void>>();
  const looking = new Set<Promise<unknown>>();

  const encode = async (content: string, bytes: Uint8Array): Promise<void> => {
    const pixels = await decodeImage(bytes, limits);
    const parts = await Promise.all(viewsOf(pixels, views).map((view) => batcher.encode(view)));
    const width = parts[0]!.length;
    const vectors = new Float32Array(views * width);
    parts.forEach((part, at) => {
      vectors.set(part, at * width);
    });
    await store.add(content, vectors);
    recent.set(content, vectors);
  };
  const stored = async (content: string): Promise<Float32Array | undefined> => {
    const vectors = recent.get(content) ?? (await store.read(content));
    if (vectors !== undefined) recent.set(content, vectors);
    return vectors;
  };
  /** Encodes a content unless it is there or on its way; says whether it did. */
  const ensure = async (content: string, bytes: Uint8Array): Promise<boolean> => {
    if (await stored(content)) return false;
    const running = encoding.get(content);
    if (running !== undefined) return running.then(() => false);
    const work = encode(content, bytes);
    encoding.set(content, work);
    await work.finally(() => encoding.delete(content));
    return true;
  };
  const find = async (path: string): Promise<Found> => {
    await using file = await openImageFile(await locate(root, path), limits);
    const known = store.contentOf(file.stamp);
    if (known !== undefined && (await stored(known))) return { content: known, effort: "unchanged" };
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
    looking.add(finding);
    const done = (): unknown => looking.delete(finding);
    finding.then(done, done);
    return finding;
  };
  const picture = async (path: string): Promise<PictureVectors> => {
    const { content, effort } = await found(path);
    const vectors = await stored(content);
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
      await Promise.allSettled(looking);
      await store[Symbol.asyncDispose]();
      await (await opening?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}

interface Found {
  readonly content: string;
  readonly effort: Effort;
}

/** The error of a picture, saying which one. */
function withPath(error: unknown, path: string): unknown {
  if (!(error instanceof MmelError) || error.detail.where !== undefined) return error;
  return new MmelError(error.code, { ...error.detail, where: JSON.stringify(path) });
}
