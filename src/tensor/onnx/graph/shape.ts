import type { Dim, Shape } from "./value.js";

export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, at) => dim === b[at]);
}

/** Returns the number of elements, or undefined if a size is named. */
export function elements(shape: Shape): number | undefined {
  let count = 1;
  for (const dim of shape) {
    if (typeof dim === "string") return undefined;
    count *= dim;
  }
  return count;
}

/** Returns whether both shapes have the same number of elements for all values of the named sizes. */
export function sameSize(a: Shape, b: Shape): boolean {
  const named = (shape: Shape) => shape.filter((dim) => typeof dim === "string").sort();
  const fixed = (shape: Shape) => shape.filter((dim) => typeof dim === "number");
  return elements(fixed(a)) === elements(fixed(b)) && sameShape(named(a), named(b));
}

/** Returns the shape that two shapes broadcast to, or undefined if they do not broadcast. The last axes are aligned. */
export function broadcast(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[a.length - rank + axis] ?? 1;
    const right = b[b.length - rank + axis] ?? 1;
    if (left !== right && left !== 1 && right !== 1) return undefined;
    result.push(left === 1 ? right : left);
  }
  return result;
}

/**
 * Converts a possibly negative axis (-1 is the last) to an index counted from the front. Returns undefined if the axis
 * does not exist.
 */
export function axisOf(shape: Shape, axis: number): number | undefined {
  const front = axis < 0 ? axis + shape.length : axis;
  return Number.isInteger(front) && front >= 0 && front < shape.length ? front : undefined;
}

/** Adds sizes. If any size is named, the sum has a canonical name: `4 + "length"` is `"length+4"`. */
export function sumDims(dims: readonly Dim[]): Dim {
  const named = dims.filter((dim) => typeof dim === "string").sort();
  const fixed = dims.reduce<number>((sum, dim) => sum + (typeof dim === "number" ? dim : 0), 0);
  if (named.length === 0) return fixed;
  return fixed === 0 ? named.join("+") : `${named.join("+")}+${fixed}`;
}
