import type { ImageEncoder, Pixels } from "../encoders/image/index.js";

/** Collects pictures that come one by one into batches of an encoder. */
export interface Batcher {
  encode(picture: Pixels): Promise<Float32Array>;
  /** Pictures encoded so far, and how long the encoder took for them. */
  readonly spent: () => { readonly pictures: number; readonly seconds: number };
}

interface Waiting {
  readonly picture: Pixels;
  readonly resolve: (vector: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

/** `most` pictures a batch; what comes while one runs goes into the next. */
export function createBatcher(open: () => Promise<ImageEncoder>, most: number): Batcher {
  const waiting: Waiting[] = [];
  let running = false;
  let pictures = 0;
  let milliseconds = 0;

  const runBatch = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const encoder = await open();
      const started = performance.now();
      const vectors = await encoder.encode(batch.map(({ picture }) => picture));
      milliseconds += performance.now() - started;
      pictures += batch.length;
      batch.forEach(({ resolve }, at) => {
        resolve(vectors[at]!);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  const runAll = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) {
      await new Promise((resolve) => setImmediate(resolve)); // what has been decoded meanwhile comes in
      await runBatch(waiting.splice(0, most));
    }
    running = false;
  };
  return {
    encode: (picture) =>
      new Promise((resolve, reject) => {
        waiting.push({ picture, resolve, reject });
        if (!running) void runAll();
      }),
    spent: () => ({ pictures, seconds: milliseconds / 1000 }),
  };
}
