import { homedir } from "node:os";
import { join } from "node:path";
import { LRUCache } from "lru-cache";
import { type Caption, localImage, MmelError } from "../core/index.js";
import { findImageEncoder, type ImageEncoderFiles, isBundledEncoder } from "../encoders/image/index.js";
import { type Features, openFeatures } from "./features.js";
import { isBadPicture } from "./image-file.js";
import { type fileBelow, realFolder } from "./safe-path.js";

/** The kind of vectors that a model was trained with. */
export interface ImageNeed {
  readonly encoder: { readonly id: string; readonly hash: string };
  /** Number of vectors per picture. */
  readonly views: number;
}

/**
 * Opens the vectors that a model needs. The object that provides this function also closes them. Throws `CONFIG` if the
 * model's encoder is not available.
 */
export type OpenImages = (need: ImageNeed) => Promise<ImageSource>;

export interface PicturesOptions {
  /** Folder that contains the pictures. Nothing outside it is read. */
  readonly images: string;
  /** Folder where vectors are stored for later runs. Default: `.cache/mmel/features` in the home folder. */
  readonly features?: string | undefined;
  /**
   * The image encoder to use: a folder, or a name on the hub. Default: the bundled encoder with the name that the model
   * specifies.
   */
  readonly encoder?: string | undefined;
  /**
   * Called for every caption in `preload` whose picture is bad, and once for every other bad picture. Bad pictures are
   * treated as missing. If the function throws, the work stops with its error.
   */
  readonly onBad?: ((error: MmelError, caption?: Caption) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Resolves a path to a file. Default: `fileBelow`. Needed only if some pictures are stored outside the folder. */
  readonly locate?: typeof fileBelow | undefined;
  /** Returns whether the vectors of the picture with this path are kept only in memory. Default: never. */
  readonly isTemporary?: ((path: string) => boolean) | undefined;
}

/** The pictures of captions and entities. Their vectors are opened when a model that needs them is loaded. */
export interface Pictures extends AsyncDisposable {
  /** Opens the vectors that a model needs. Pass this function to the function that loads the model. */
  readonly open: OpenImages;
  /** Returns d_v, the width of the vectors that a model needs. */
  width(need: ImageNeed): Promise<number>;
  /** Returns whether `open` or `width` has been called. */
  readonly used: () => boolean;
  /**
   * Computes the vectors of the captions' pictures before a model needs them. Serves only the first model that opened
   * the pictures, and does nothing if there is none.
   */
  preload(captions: readonly Caption[]): Promise<void>;
}

/**
 * Opens a folder of pictures. No picture is decoded or stored until a model needs it. Throws `FILE_NOT_FOUND` if the
 * folder does not exist.
 */
export async function openPictures(options: PicturesOptions): Promise<Pictures> {
  const { features: store = join(homedir(), ".cache", "mmel", "features"), onBad, signal } = options;
  const { locate, isTemporary } = options;
  const images = await realFolder(options.images);
  const opened = new Map<string, Promise<{ features: Features; source: ImageSource }>>();
  /** Paths of the bad pictures that `preload` has reported. */
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
      ...(isTemporary && { isTemporary }),
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

/**
 * Finds the encoder that a model needs. Never downloads an encoder only because a model names it. Throws `CONFIG` if
 * the encoder is not part of this installation, or if it is not the encoder that the model was trained with.
 */
async function encoderOf(
  wanted: ImageNeed["encoder"],
  given: string | undefined,
): Promise<ImageEncoderFiles> {
  if (given === undefined && !isBundledEncoder(wanted.id))
    throw new MmelError("CONFIG", {
      what: `the model needs the image encoder ${JSON.stringify(wanted.id)}, which is not part of this installation`,
      hint: "Pass the folder of the encoder, or its name on the hub, as `--image-encoder` (in code: `openPictures({ images, encoder })`).",
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
 * Returns the vectors [views * d_v] of a picture. `paths` is the picture's path inside the images folder. For several
 * pictures of the same thing, `paths` is a list, and the function returns the combined vectors, also [views * d_v].
 * Returns undefined if no picture is available.
 */
export type ImageSource = (paths: string | readonly string[]) => Promise<Float32Array | undefined>;

/** Number of bad pictures to remember so that each is reported only once. */
const MAX_REPORTED = 1 << 16;

/**
 * Creates an image source that reports each bad picture once and treats it as missing. It does not download anything. A
 * list of paths, as in knowledge bases, may contain URLs (`https://…`). They are skipped unless they refer to files on
 * Wikimedia Commons that have a local copy.
 *
 * For a list of paths, the first `views` vectors are returned [views * d_v]. The order is: the vectors of the complete
 * pictures, then the vectors of the first part of each picture, and so on.
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

/** Returns whether a path may refer to a local file. False for URLs that cannot have a local copy. */
const mayBeLocal = (path: string): boolean => !isAddress(path) || localImage(path) !== path;
