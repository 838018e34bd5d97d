import { homedir } from "node:os";
import { join } from "node:path";
import { LRUCache } from "lru-cache";
import { type Caption, localImage, MmelError } from "../core/index.js";
import { findImageEncoder, type ImageEncoderFiles, isBundledEncoder } from "../encoders/image/index.js";
import { type Features, openFeatures } from "./features.js";
import { isBadPicture } from "./image-file.js";
import { type fileBelow, realFolder } from "./safe-path.js";

/** The vectors that a model was trained with. */
export interface ImageNeed {
  readonly encoder: { readonly id: string; readonly hash: string };
  /** Number of vectors per picture. */
  readonly views: number;
}

/** Opens the vectors that a model needs; the provider closes them. Throws `CONFIG` if the model's encoder is not available. */
export type OpenImages = (need: ImageNeed) => Promise<ImageSource>;

export interface PicturesOptions {
  /** The folder with the pictures; nothing outside it is read. */
  readonly images: string;
  /** The folder where vectors are stored for later runs; default: `.cache/mmel/features` in the home folder. */
  readonly features?: string | undefined;
  /** The model's image encoder: a folder or a name on the hub; default: the bundled encoder with the name in the model. */
  readonly encoder?: string | undefined;
  /**
   * Called for the bad picture of each caption, and once for each bad picture of an entity. Bad pictures count as missing. An
   * error thrown here ends the work.
   */
  readonly onBad?: ((error: MmelError, caption?: Caption) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Resolves a path to a file, for callers that also store pictures elsewhere; default: `fileBelow`. */
  readonly locate?: typeof fileBelow | undefined;
}

/** The pictures of captions and entities, opened when a model first needs their vectors. */
export interface Pictures extends AsyncDisposable {
  /** Passed to the function that loads a model. */
  readonly open: OpenImages;
  /** d_v of the vectors that a model needs. */
  width(need: ImageNeed): Promise<number>;
  /** Whether a model has opened them. */
  readonly used: () => boolean;
  /** Computes the vectors of captions before a model asks for them. */
  preload(captions: readonly Caption[]): Promise<void>;
}

/** Opens a folder of pictures; nothing is decoded or stored until a model needs it. Throws `FILE_NOT_FOUND`. */
export async function openPictures(options: PicturesOptions): Promise<Pictures> {
  const { features: store = join(homedir(), ".cache", "mmel", "features"), onBad, signal, locate } = options;
  const images = await realFolder(options.images);
  const opened = new Map<string, Promise<{ features: Features; source: ImageSource }>>();
  /** Bad pictures of captions that `preload` has reported. */
  const reported = new LRUCache<string, true>({ max: MAX_REPORTED });

  const openFor = async ({ encoder: wanted, views }: ImageNeed) => {
    const encoder = await encoderOf(wanted, options.encoder);
    const features = await openFeatures({
      images,
      store,
      encoder,
      views,
      ...(signal && { signal }),
      ...(locate && { locate }),
    });
    const source = createImageSource(features, (path, error) => {
      if (!reported.get(path)) onBad?.(error);
    });
    return { features, source };
  };
  const preloadOne = async (caption: Caption, features: Features): Promise<void> => {
    try {
      await features.vectors(caption.image!);
    } catch (error) {
      if (!isBadPicture(error)) throw error;
      reported.set(caption.image!, true);
      onBad?.(ofCaption(error, caption), caption);
    }
  };
  const openedFor = (need: ImageNeed): ReturnType<typeof openFor> => {
    const key = `${need.encoder.hash}/${need.views}`;
    const opening = opened.get(key) ?? openFor(need);
    opened.set(key, opening);
    return opening;
  };
  return {
    open: async (need) => (await openedFor(need)).source,
    width: async (need) => (await openedFor(need)).features.width(),
    used: () => opened.size > 0,
    async preload(captions) {
      const [first] = opened.values();
      if (first === undefined) return;
      const { features } = await first;
      const pictured = captions.filter(({ image }) => image !== undefined);
      await Promise.all(pictured.map((caption) => preloadOne(caption, features)));
    },
    async [Symbol.asyncDispose]() {
      for (const opening of opened.values())
        await (await opening.catch(() => undefined))?.features[Symbol.asyncDispose]();
    },
  };
}

/** Finds the encoder that a model needs. Does not download an encoder just because a model names it. */
async function encoderOf(
  wanted: ImageNeed["encoder"],
  given: string | undefined,
): Promise<ImageEncoderFiles> {
  if (given === undefined && !isBundledEncoder(wanted.id))
    throw new MmelError("CONFIG", {
      what: `the model needs the image encoder ${JSON.stringify(wanted.id)}, which is not part of this installation`,
      hint: "Pass `--image-encoder` with its folder or its name on the hub (in code: `openPictures({ images, encoder })`).",
    });
  const found = await findImageEncoder(given ?? wanted.id);
  if (found.hash === wanted.hash) return found;
  throw new MmelError("CONFIG", {
    what: `the model was not trained with the image encoder ${found.id}@${found.hash.slice(0, 16)}`,
    where: found.folder,
    expected: `${wanted.id}@${wanted.hash.slice(0, 16)}`,
  });
}

function ofCaption({ code, detail }: MmelError, { id }: Caption): MmelError {
  const where = [detail.where, `caption ${id}`].filter((part) => part !== undefined).join(", ");
  return new MmelError(code, { ...detail, where });
}

/**
 * Returns the vectors [views * d_v] of a picture, given by its path inside the images folder, or of several pictures of the same
 * thing; undefined if no picture is available.
 */
export type ImageSource = (paths: string | readonly string[]) => Promise<Float32Array | undefined>;

/** Number of bad pictures remembered as already reported. */
const MAX_REPORTED = 1 << 16;

/**
 * An image source that reports each bad picture once and treats it as missing. Addresses (`https://…`) in a list, as knowledge
 * bases have them, are skipped unless they are files of Wikimedia Commons with a local copy; nothing is downloaded here. For
 * several pictures of the same thing it returns as many vectors as for one, [views * d_v]: the whole of each picture first, then
 * the first part of each, and so on.
 */
export function createImageSource(
  features: Features,
  onBad: (path: string, error: MmelError) => void,
): ImageSource {
  const reported = new LRUCache<string, true>({ max: MAX_REPORTED });
  const vectorsOf = async (path: string): Promise<Float32Array | undefined> => {
    try {
      return await features.vectors(path);
    } catch (error) {
      if (!isBadPicture(error)) throw error;
      if (error.code === "FILE_NOT_FOUND" && isAddress(path)) return undefined;
      const known = reported.get(path);
      reported.set(path, true);
      if (!known) onBad(path, error);
      return undefined;
    }
  };
  return async (paths) => {
    if (typeof paths === "string") return vectorsOf(paths);
    const pictures = (await Promise.all(paths.filter(mayBeLocal).map(vectorsOf))).filter(
      (vectors) => vectors !== undefined,
    );
    return pictures.length === 0 ? undefined : wholesFirst(pictures, features.views);
  };
}

function wholesFirst(pictures: readonly Float32Array[], views: number): Float32Array {
  const width = pictures[0]!.length / views;
  const vectors = new Float32Array(views * width);
  for (let slot = 0; slot < views; slot++) {
    const view = Math.floor(slot / pictures.length);
    const picture = pictures[slot % pictures.length]!;
    vectors.set(picture.subarray(view * width, (view + 1) * width), slot * width);
  }
  return vectors;
}

const isAddress = (path: string): boolean => /^[a-z][a-z\d+.-]*:\/\//i.test(path);

/** False for addresses that cannot have a local copy. */
const mayBeLocal = (path: string): boolean => !isAddress(path) || localImage(path) !== path;
