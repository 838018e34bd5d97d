import { createRandom, type Random } from "../../core/index.js";
import type { MaskSpec } from "../onnx/index.js";

/** Number of positions in a pool where a mask can start. */
const STARTS = 2 ** 23;

/**
 * Creates a function that draws dropout masks with a single random number per mask. A mask is a window, at a random
 * position, into a pool of random elements. There is one pool per dropout rate, with the same elements in every
 * process. Drawing each element separately would take up a fifth of a training step.
 */
export function createMasks(): (masks: readonly MaskSpec[], random: Random) => Map<string, Float32Array> {
  const pools = new Map<number, Float32Array>();
  return (masks, random) =>
    new Map(
      masks.map(({ name, shape, rate }) => {
        const size = shape.reduce<number>((count, dim) => count * (dim as number), 1);
        const pool = grown(pools.get(rate), STARTS + size, rate);
        pools.set(rate, pool);
        const start = random.below(STARTS);
        return [name, pool.subarray(start, start + size)];
      }),
    );
}

/**
 * Returns `pool` if it has at least `length` elements; otherwise returns a new pool with `length` elements. Each
 * element is 1 / (1 - rate) with probability 1 - rate, and 0 otherwise. The new pool starts with the elements of the
 * old pool.
 */
function grown(pool: Float32Array | undefined, length: number, rate: number): Float32Array {
  if (pool !== undefined && pool.length >= length) return pool;
  const random = createRandom("dropout");
  const kept = 1 / (1 - rate);
  const dropped = rate * 2 ** 32;
  return new Float32Array(length).map(() => (random.uint32() < dropped ? 0 : kept));
}
