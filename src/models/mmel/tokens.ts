import { attentionBias } from "../../tensor/nn.js";
import {
  add,
  concat,
  equal,
  mul,
  reduceMax,
  reshape,
  slice,
  type Value,
  where,
} from "../../tensor/onnx/index.js";

/**
 * Context side and entity side share every weight of the head, so both run as one batch of tokens, each labelled with
 * its side (the masks of equations 1 and 3). A token attends to tokens of its own side only.
 */
export interface Tokens {
  /** [P, n, d] */
  readonly x: Value;
  /** int64 [P, n], or [1, n] when all pairs agree: a value of `SIDE`. */
  readonly side: Value;
}

/** `none`: special tokens and padding, which are never keys of a side nor pooled. */
export const SIDE = { none: 0, context: 1, entity: 2 } as const;

/** Attention bias under which every query sees the keys of its own side: [P, 1, queries, keys]. */
export function sameSide(queries: Tokens, keys: Tokens): Value {
  const [rows, n] = queries.side.shape as [number, number];
  const [others, m] = keys.side.shape as [number, number];
  return attentionBias(equal(reshape(queries.side, [rows, n, 1]), reshape(keys.side, [others, 1, m])));
}

/** Maximum over each side's tokens (equation 7): [P, 2, d], context first. */
export function poolSides({ x, side }: Tokens): Value {
  const [rows, n] = side.shape as [number, number];
  const pool = (label: number): Value => {
    const own = reshape(equal(side, label), [rows, n, 1]);
    return reduceMax(where(own, x, Number.NEGATIVE_INFINITY), [1], { keepDims: true });
  };
  return concat([pool(SIDE.context), pool(SIDE.entity)], 1);
}

/** Tokens of both one after the other. */
export function joined(a: Tokens, b: Tokens): Tokens {
  const stretched = (side: Value, other: Value): Value => add(side, mul(slice(other, 1, 0, 1), 0)); // [1, n] to [P, n]
  return {
    x: concat([a.x, b.x], 1),
    side: concat([stretched(a.side, b.side), stretched(b.side, a.side)], 1),
  };
}
