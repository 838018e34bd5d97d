/** A list of 32-bit unsigned numbers that grows. */
export interface Numbers {
  length(): number;
  at(index: number): number;
  push(value: number): void;
  /** Returns the numbers as a view that is valid until the next `push`. */
  view(): Uint32Array;
}

/** Creates an empty list. It uses 4 to 8 bytes per number, and at least 4 KiB. */
export function createNumbers(): Numbers {
  let data = new Uint32Array(1024);
  let used = 0;
  return {
    length: () => used,
    at: (index) => data[index]!,
    push(value) {
      if (used === data.length) {
        const larger = new Uint32Array(2 * used);
        larger.set(data);
        data = larger;
      }
      data[used++] = value;
    },
    view: () => data.subarray(0, used),
  };
}
