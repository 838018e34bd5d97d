/** What a worker does with a piece: link it, cut it up to find what fails in it, or give up on its one caption. */
export type Treatment =
  | { readonly kind: "link" | "set-aside" }
  | { readonly kind: "split"; readonly size: number };

/** Pieces of more captions than this are cut into pieces of this size, and those into single captions. */
const PART = 32;
const TRIES = 2;
/** A caption is tried more often when it is alone: what else went wrong on the machine should not count against it. */
const TRIES_ALONE = 3;

/** What becomes of a piece of `size` captions that has failed so often, by an error or with its worker. */
export function treatmentOf({ size, failures }: { size: number; failures: number }): Treatment {
  if (failures < (size === 1 ? TRIES_ALONE : TRIES)) return { kind: "link" };
  if (size === 1) return { kind: "set-aside" };
  return { kind: "split", size: size > PART ? PART : 1 };
}

/** Consecutive stretches of at most `most` that make up the `size` places from `first`. */
export function stretchesOf(first: number, size: number, most: number): { first: number; size: number }[] {
  const count = Math.ceil(size / most);
  return Array.from({ length: count }, (_, at) => ({
    first: first + at * most,
    size: Math.min(most, size - at * most),
  }));
}
