import type { Dim, Shape } from "./value.js";

export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, at) => dim === b[at]);
}

/** Number of elements, or undefined if a size is named. */
export function elements(shape: Shape): number | undefined {
  let count = 1;
  for (const dim of shape) {
    if (typeof dim === "string") return undefined;
    count *= dim;
  }
  return count;
}

/** Whether both shapes have the same number of elements, whatever the values of named sizes. */
export function sameSize(a: Shape, b: Shape): boolean {
  const named = (shape: Shape) => shape.filter((dim) => typeof dim === "string").sort();
  const fixed = (shape: Shape) => shape.filter((dim) => typeof dim === "number");
  return elements(fixed(a)) === elements(fixed(b)) && sameShape(named(a), named(b));
}

/** The shape that two operands broadcast to, aligned from the right; undefined if they do not. */
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
 * Converts a possibly negative axis (-1 is the last) to one counted from the front; undefined if there is no such axis.
 */
export function axisOf(shape: Shape, axis: number): number | undefined {
  const front = axis < 0 ? axis + shape.length : axis;
  return Number.isInteger(front) && front >= 0 && front < shape.length ? front : undefined;
}

/** Sum of sizes; named ones give a canonical name: `4 + "length"` is `"length+4"`. */
export function sumDims(dims: readonly Dim[]): Dim {
  const named = dims.filter((dim) => typeof dim === "string").sort();
  const fixed = dims.reduce<number>((sum, dim) => sum + (typeof dim === "number" ? dim : 0), 0);
  if (named.length === 0) return fixed;
  return fixed === 0 ? named.join("+") : `${named.join("+")}+${fixed}`;
}
