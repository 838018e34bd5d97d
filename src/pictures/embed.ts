import pLimit from "p-limit";
import { throwIfAborted } from "../core/index.js";
import { decodeImage, IMAGE_LIMITS, loadSharp, type Pixels } from "../encoders/image/index.js";
import { isBadPicture, openImageFile } from "./image-file.js";
import { fileBelow, realFolder } from "./safe-path.js";

export interface EmbedOptions {
  /** Folder that contains the pictures. Nothing outside it is read. */
  readonly images: string;
  /**
   * Maximum total length of all `data:` URLs, in characters. Further pictures are left out. Default: 4 Mi characters.
   */
  readonly most?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Maximum length of the longer side of an embedded picture, in pixels. */
const SIDE = 160;
/** Number of pictures decoded in parallel. */
const CONCURRENCY = 4;

/**
 * Creates small copies of pictures for a self-contained page. Returns a map from the path of each picture to the
 * `data:` URL of its copy. Every copy is encoded as WebP, whatever the format of the original. Bad pictures, and URLs
 * without a local copy, are left out. Throws `FILE_NOT_FOUND` if the folder does not exist, and `ABORTED` if the signal
 * fires.
 */
export async function embedPictures(
  paths: Iterable<string>,
  { images, most = 1 << 22, signal }: EmbedOptions,
): Promise<ReadonlyMap<string, string>> {
  const root = await realFolder(images);
  const embedded = new Map<string, string>();
  const limit = pLimit(CONCURRENCY);
  let left = most;
  const embed = async (path: string): Promise<void> => {
    throwIfAborted(signal);
    if (left <= 0) return;
    const address = await addressOf(root, path, signal);
    if (address === undefined) return;
    left -= address.length;
    if (left >= 0) embedded.set(path, address);
  };
  await Promise.all([...new Set(paths)].map((path) => limit(() => embed(path))));
  return embedded;
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
