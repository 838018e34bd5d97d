import { type ErrorCode, localImage, MmelError } from "../core/index.js";
import type { Features } from "./features.js";
import { createRecent } from "./recent.js";

const PICTURE_CODES: ReadonlySet<ErrorCode> = new Set([
  "IMAGE_UNREADABLE",
  "IMAGE_TOO_LARGE",
  "IMAGE_UNSUPPORTED",
  "PATH_OUTSIDE",
  "FILE_NOT_FOUND",
  "FILE_IS_DIRECTORY",
  "FILE_UNREADABLE",
]);

/** Whether an error is one picture's fault, so that work on others goes on. */
export function isBadPicture(error: unknown): error is MmelError {
  return error instanceof MmelError && PICTURE_CODES.has(error.code);
}

/**
 * The vectors [views * d_v] of the picture at a path below the folder of pictures, or of several pictures of one thing;
 * undefined: there is none.
 */
export type ImageSource = (paths: string | readonly string[]) => Promise<Float32Array | undefined>;

/** Bad pictures that are remembered to have been told of. */
const TOLD = 1 << 16;

/**
 * Vectors for a model that does without bad pictures: each is told of once and counts as missing; undefined when no
 * picture is left. Of the addresses in a list (`https://…`), as knowledge bases have them, only files of Wikimedia Commons
 * that were fetched before count: nothing is fetched here. Of several pictures of one thing the wholes come first, in their
 * order, then the parts, and as many vectors are given as one picture has: [at most views * d_v].
 */
export function createImageSource(
  features: Features,
  onBad: (path: string, error: MmelError) => void,
): ImageSource {
  const told = createRecent<true>(TOLD);
  const look = async (path: string): Promise<Float32Array | undefined> => {
    try {
      return await features.vectors(path);
    } catch (error) {
      if (!isBadPicture(error)) throw error;
      if (error.code === "FILE_NOT_FOUND" && isAddress(path)) return undefined;
      const known = told.get(path);
      told.set(path, true);
      if (!known) onBad(path, error);
      return undefined;
    }
  };
  return async (paths) => {
    if (typeof paths === "string") return look(paths);
    const pictures = (await Promise.all(paths.filter(mayBeHere).map(look))).filter(
      (one) => one !== undefined,
    );
    return pictures.length === 0 ? undefined : wholesFirst(pictures, features.views);
  };
}

function wholesFirst(pictures: readonly Float32Array[], views: number): Float32Array {
  const width = pictures[0]!.length / views;
  const vectors = new Float32Array(views * width);
  for (let at = 0; at < views; at++) {
    const view = Math.floor(at / pictures.length);
    const picture = pictures[at % pictures.length]!;
    vectors.set(picture.subarray(view * width, (view + 1) * width), at * width);
  }
  return vectors;
}

const isAddress = (path: string): boolean => /^[a-z][a-z\d+.-]*:\/\//i.test(path);

const mayBeHere = (path: string): boolean => !isAddress(path) || localImage(path) !== path;
