import pLimit from "p-limit";
import { throwIfAborted } from "../core/index.js";
import { decodeImage, IMAGE_LIMITS, loadSharp, type Pixels } from "../encoders/image/index.js";
import { isBadPicture, openImageFile } from "./image-file.js";
import { fileBelow, realFolder } from "./safe-path.js";

export interface EmbedOptions {
  /** Folder that contains the pictures. Nothing outside it is read. */
  readonly images: string;
  /**
   * Maximum total length of all `data:` URLs, in characters. Further pictures are left out. Default: 16 Mi characters.
   */
  readonly most?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Maximum length of the longer side of an embedded picture, in pixels. */
const SIDE = 160;
/** Number of pictures decoded in parallel. */
const CONCURRENCY = 4;

/** Creates the small copies of pictures for one self-contained page. */
export interface Embedder {
  /**
   * Returns a map from the path of each picture to the `data:` URL of its copy. Every copy is encoded as WebP, whatever
   * the format of the original. Bad pictures, and URLs without a local copy, are left out. Throws `FILE_NOT_FOUND` if the
   * folder does not exist, and `ABORTED` if the signal fires.
   */
  embed(paths: Iterable<string>): Promise<ReadonlyMap<string, string>>;
  /** Number of pictures that were left out because of the maximum total length. */
  leftOut(): number;
}

export function createEmbedder({ images, most = 1 << 24, signal }: EmbedOptions): Embedder {
  const limit = pLimit(CONCURRENCY);
  const addresses = new Map<string, Promise<string | undefined>>();
  let left = most;
  let leftOut = 0;
  const create = async (root: string, path: string): Promise<string | undefined> => {
    throwIfAborted(signal);
    const address = left > 0 ? await addressOf(root, path, signal) : "";
    if (address === undefined) return undefined;
    left -= address.length;
    if (left >= 0 && address !== "") return address;
    leftOut += 1;
    return undefined;
  };
  return {
    leftOut: () => leftOut,
    async embed(paths) {
      const root = await realFolder(images);
      const found = [...new Set(paths)].map(async (path): Promise<readonly (readonly [string, string])[]> => {
        const known = addresses.get(path) ?? limit(() => create(root, path));
        addresses.set(path, known);
        const address = await known;
        return address === undefined ? [] : [[path, address]];
      });
      return new Map((await Promise.all(found)).flat());
    },
  };
}

async function addressOf(
  root: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  try {
    await using file = await openImageFile(await fileBelow(root, path), IMAGE_LIMITS);
    const { bytes } = await file.read();
    const small = await reduced(await decodeImage(bytes, IMAGE_LIMITS, signal));
    return `data:image/webp;base64,${small.toString("base64")}`;
  } catch (error) {
    if (isBadPicture(error)) return undefined;
    throw error;
  }
}

async function reduced({ data, width, height }: Pixels): Promise<Buffer> {
  const sharp = await loadSharp();
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize(SIDE, SIDE, { fit: "inside", withoutEnlargement: true })
    .webp({ quality: 78 })
    .toBuffer();
}
