import type { ImageEncoder, Pixels } from "../encoders/image/index.js";

/** Groups single pictures into batches for an encoder. */
export interface Batcher {
  encode(picture: Pixels): Promise<Float32Array>;
  /** Returns the number of pictures encoded so far, and the number of seconds that the encoder took. */
  readonly spent: () => { readonly pictures: number; readonly seconds: number };
}

interface Waiting {
  readonly picture: Pixels;
  readonly resolve: (vector: Float32Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Creates a batcher with at most `maxBatch` pictures per batch. Pictures that arrive while a batch is being encoded are
 * put into the next batch.
 */
export function createBatcher(open: () => Promise<ImageEncoder>, maxBatch: number): Batcher {
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
      batch.forEach(({ resolve }, index) => {
        resolve(vectors[index]!);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };
  const runAll = async (): Promise<void> => {
    running = true;
    while (waiting.length > 0) {
      await new Promise((resolve) => setImmediate(resolve)); // lets pictures that have just been decoded join
      await runBatch(waiting.splice(0, maxBatch));
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
