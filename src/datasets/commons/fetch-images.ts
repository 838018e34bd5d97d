import { access, appendFile, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Agent } from "undici";
import { COMMONS_FILES, type Entity, localImage, type MmelError, throwIfAborted } from "../../core/index.js";
import { makeFolder } from "../../core/make-folder.js";
import { writingError } from "../../formats/index.js";
import { type DownloadOptions, download } from "./download.js";

export interface FetchOptions {
  /** Folder for the pictures. `localImage` maps the URL of a picture to its path inside this folder. */
  readonly folder: string;
  /** An e-mail address or URL for contacting the user, which Wikimedia's policy requires. */
  readonly contact: string;
  /** Maximum number of pictures per second (default 1). Downloads never run in parallel. */
  readonly rate?: number;
  /** Maximum width in pixels (default 640). */
  readonly width?: number;
  /** Maximum size of a picture in bytes (default 20 MiB). */
  readonly maxBytes?: number;
  /** Whether to download only the first picture of each entity. */
  readonly firstOnly?: boolean;
  /** URL prefix of a mirror to use instead of `COMMONS_FILES`. */
  readonly from?: string;
  /** Number of milliseconds before the first retry (default 1000). */
  readonly backOff?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (report: FetchReport) => void;
  /** Called for each picture that could not be downloaded. */
  readonly onFailure?: (error: MmelError, entity: Entity) => void;
}

export interface FetchReport {
  readonly fetched: number;
  /** Number of pictures that were already in the folder. */
  readonly present: number;
  /** Number of pictures that do not exist on Commons. They are recorded in the folder and not requested again. */
  readonly missing: number;
  readonly failed: number;
  readonly bytes: number;
}

const MISSING = "missing.txt";

/**
 * Downloads the pictures of entities from Wikimedia Commons, one at a time and no faster than `rate`. Ignores pictures
 * that are not on Commons. Skips pictures that are already in the folder, so a new call continues an interrupted
 * download. Throws `ABORTED` if the signal fires, and `FILE_UNWRITABLE` if the folder or a picture cannot be written.
 */
export async function fetchImages(
  entities: AsyncIterable<Entity>,
  options: FetchOptions,
): Promise<FetchReport> {
  const {
    folder,
    rate = 1,
    width = 640,
    maxBytes = 20 << 20,
    from = COMMONS_FILES,
    backOff = 1000,
  } = options;
  const signal = options.signal ?? new AbortController().signal;
  const dispatcher = new Agent({ headersTimeout: 30_000, bodyTimeout: 30_000 });
  const userAgent = `mmel (${options.contact})`;
  const downloadOptions: DownloadOptions = { dispatcher, from, width, maxBytes, userAgent, signal, backOff };
  const report = { fetched: 0, present: 0, missing: 0, failed: 0, bytes: 0 };
  const pause = pacer(1000 / rate, signal);
  const fetchOne = async (image: string, entity: Entity, missing: Set<string>): Promise<void> => {
    const path = localImage(image);
    if (missing.has(path)) report.missing += 1;
    else if (await exists(join(folder, path))) report.present += 1;
    else {
      await pause();
      const got = await download(image, downloadOptions);
      if (got.kind === "missing") {
        report.missing += 1;
        missing.add(path);
        await appendFile(join(folder, "commons", MISSING), `${path}\n`);
      } else if (got.kind === "failed") {
        report.failed += 1;
        options.onFailure?.(got.error, entity);
      } else {
        await store(join(folder, path), got.bytes);
        report.fetched += 1;
        report.bytes += got.bytes.length;
      }
    }
  };
  try {
    await createFolder(join(folder, "commons"));
    const missing = await linesIn(join(folder, "commons", MISSING));
    for await (const { image, entity } of imagesOf(entities, options.firstOnly ?? false)) {
      throwIfAborted(signal);
      await fetchOne(image, entity, missing);
      options.onProgress?.({ ...report });
    }
    return report;
  } finally {
    await dispatcher.destroy();
  }
}

async function createFolder(path: string): Promise<void> {
  await makeFolder(path).catch((error: unknown) => {
    throw writingError(error, path);
  });
}

async function* imagesOf(entities: AsyncIterable<Entity>, firstOnly: boolean) {
  for await (const entity of entities) {
    const images = entity.images.filter((image) => image.startsWith(COMMONS_FILES));
    for (const image of firstOnly ? images.slice(0, 1) : images) yield { image, entity };
  }
}

/** Returns a function that waits until at least `interval` milliseconds have passed since its previous call. */
function pacer(interval: number, signal: AbortSignal): () => Promise<void> {
  let next = 0;
  return async () => {
    const now = performance.now();
    if (next > now) await sleep(next - now, undefined, { signal }).catch(() => throwIfAborted(signal));
    next = Math.max(next, now) + interval;
  };
}

async function store(path: string, bytes: Uint8Array): Promise<void> {
  const part = join(dirname(path), ".fetching.part");
  try {
    await writeFile(part, bytes);
    await rename(part, path);
  } catch (error) {
    throw writingError(error, path);
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function linesIn(path: string): Promise<Set<string>> {
  const text = await readFile(path, "utf8").catch(() => "");
  return new Set(text.split("\n").filter((line) => line !== ""));
}
