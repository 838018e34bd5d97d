/** A seeded random number generator whose state can be saved and restored. */
export interface Random {
  /** Returns a uniform number in [0, 1) with 53 random bits. */
  next(): number;
  /** Returns a uniform integer in [0, bound). */
  below(bound: number): number;
  /** Returns a uniform 32-bit unsigned integer. */
  uint32(): number;
  /** Returns a number from the standard normal distribution (Box–Muller). */
  normal(): number;
  /** Shuffles the items in place (Fisher–Yates) and returns them. */
  shuffle<T>(items: T[]): T[];
  /** Returns the state, four 32-bit words; `createRandom(state)` continues the sequence. */
  state(): RandomState;
}

export type RandomState = readonly [number, number, number, number];

/**
 * Creates a xoshiro128** generator (Blackman and Vigna 2018). A seed (a number, or a string that is hashed to a number)
 * is expanded with splitmix32. A saved state continues its sequence.
 */
export function createRandom(seed: number | string | RandomState): Random {
  let [a, b, c, d] =
    typeof seed === "object" ? seed : expand(typeof seed === "string" ? hashText(seed) : seed);
  const uint32 = (): number => {
    const times5 = Math.imul(b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const next = (): number => ((uint32() >>> 5) * 67108864 + (uint32() >>> 6)) / 9007199254740992;
  const below = (bound: number): number => Math.floor(next() * bound);
  return {
    next,
    below,
    uint32,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffle: (items) => {
      for (let i = items.length - 1; i > 0; i--) {
        const other = below(i + 1);
        const held = items[i]!;
        items[i] = items[other]!;
        items[other] = held;
      }
      return items;
    },
    state: () => [a >>> 0, b >>> 0, c >>> 0, d >>> 0],
  };
}

function expand(seed: number): [number, number, number, number] {
  let state = seed >>> 0;
  const word = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  return [word(), word(), word(), word()];
}

/** Computes the FNV-1a hash of a text's UTF-16 code units. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
