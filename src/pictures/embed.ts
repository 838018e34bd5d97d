import { throwIfAborted } from "../core/index.js";
import { decodeImage, IMAGE_LIMITS, type Pixels } from "../encoders/image/index.js";
import { fileBelow, folderOf } from "./safe-path.js";
import { openImageFile } from "./image-file.js";
import { createGate } from "./gate.js";
import { isBadPicture } from "./source.js";

export interface EmbedOptions {
  /** The folder below which pictures lie; nothing outside it is read. */
  readonly images: string;
  /** Most characters of all addresses together (4 Mi); what comes after that is left out. */
  readonly most?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Longer side of an embedded picture in pixels. */
const SIDE = 160;
/** Pictures decoded at a time. */
const LANES = 4;

/**
 * Small copies of pictures as `data:` addresses by their paths, for a page that stands alone; whatever a picture was, its
 * copy is WebP made here. Bad pictures and addresses are left out. `FILE_NOT_FOUND` without the folder, `ABORTED`.
 */
export async function embedPictures(
  paths: Iterable<string>,
  { images, most = 1 << 22, signal }: EmbedOptions,
): Promise<ReadonlyMap<string, string>> {
  const root = await folderOf(images);
  const embedded = new Map<string, string>();
  const gate = createGate(LANES);
  let left = most;
  const embed = async (path: string): Promise<void> => {
    throwIfAborted(signal);
    if (left <= 0) return;
    const address = await addressOf(root, path);
    if (address === undefined) return;
    left -= address.length;
    if (left >= 0) embedded.set(path, address);
  };
  await Promise.all([...new Set(paths)].map((path) => gate(() => embed(path))));
  return embedded;
}

async function addressOf(root: string, path: string): Promise<string | undefined> {
  try {
    await using file = await openImageFile(await fileBelow(root, path), IMAGE_LIMITS);
    const { bytes } = await file.read();
    const small = await reduced(await decodeImage(bytes));
    return `data:image/webp;base64,${small.toString("base64")}`;
  } catch (error) {
    if (isBadPicture(error)) return undefined;
    throw error;
  }
}

async function reduced({ data, width, height }: Pixels): Promise<Buffer> {
  const { default: sharp } = await import("sharp");
  return sharp(data, { raw: { width, height, channels: 3 } })
    .resize(SIDE, SIDE, { fit: "inside", withoutEnlargement: true })
    .webp({ quality: 78 })
    .toBuffer();
}
