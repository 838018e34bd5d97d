import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import pLimit from "p-limit";
import { MmelError } from "../../core/index.js";
import { unlessAborted } from "../../core/signals.js";
import { openWorkerChannel, type WorkerChannel, workerUrl } from "../../core/worker-channel.js";
import { checkBytes, decodeHere, IMAGE_LIMITS, type ImageLimits } from "./decode.js";
import type { Pixels } from "./pixels.js";

export interface DecodeRequest {
  readonly bytes: Uint8Array;
  readonly limits: ImageLimits;
}

const WORKER = workerUrl(import.meta.url, "worker.js");
/** Time limit for one image in seconds. An image of 50 million pixels takes a few seconds. */
const SECONDS = 20;
const PROCESSES = Math.min(4, availableParallelism());

const limit = pLimit(PROCESSES);
const idle: WorkerChannel<DecodeRequest, Pixels>[] = [];
let hasProgram: boolean | undefined;

/**
 * Decodes an image like `decodeHere`, in another process, because nothing else can stop the rendering of a malicious
 * SVG. Also throws `IMAGE_UNREADABLE` if the image takes longer than 20 seconds, and `ABORTED` if the signal fires. The
 * processes end with this one. A bundler may leave out their program; the image is then decoded in this process.
 */
export async function decodeImage(
  bytes: Uint8Array,
  limits: ImageLimits = IMAGE_LIMITS,
  signal?: AbortSignal,
): Promise<Pixels> {
  checkBytes(bytes.length, limits);
  hasProgram ??= existsSync(fileURLToPath(WORKER));
  if (!hasProgram) return await decodeHere(bytes, limits);
  const decoding = limit(async () => {
    const channel =
      idle.pop() ??
      openWorkerChannel<DecodeRequest, Pixels>(WORKER, {
        name: "image decoder",
        code: "IMAGE_UNREADABLE",
        process: true,
        seconds: SECONDS,
      });
    try {
      return await channel.ask({ bytes, limits }, { signal });
    } catch (error) {
      throw error instanceof MmelError && error.code === "TIMEOUT" ? tooSlow(error) : error;
    } finally {
      idle.push(channel);
    }
  });
  return await unlessAborted(decoding, signal); // also while the image waits for its turn
}

const tooSlow = (cause: MmelError): MmelError =>
  new MmelError("IMAGE_UNREADABLE", {
    what: `the image takes longer than ${SECONDS} seconds to decode`,
    hint: "Convert the image to JPEG.",
    cause,
  });
