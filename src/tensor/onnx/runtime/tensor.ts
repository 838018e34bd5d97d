import { MmelError } from "../../../core/index.js";
import { formatShape } from "../graph/shape.js";
import type { DType, TensorData } from "../graph/value.js";
import type { TensorSpec } from "../program.js";

/**
 * A tensor: its elements in row-major order, and the size of each axis. Elements of type `bool` are stored as 0 or 1 in
 * a Uint8Array.
 */
export interface Tensor {
  readonly data: TensorData;
  readonly shape: readonly number[];
}

export type Tensors = Readonly<Record<string, Tensor>>;

const ARRAYS = {
  float32: Float32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  uint8: Uint8Array,
  int8: Int8Array,
} as const satisfies Record<DType, unknown>;

/**
 * Throws `GRAPH` if an input has no tensor, if a tensor has the wrong type or shape, or if a named size differs between
 * tensors.
 */
export function checkInputs(inputs: readonly TensorSpec[], tensors: Tensors): void {
  const sizes = new Map<string, number>();
  for (const { name, shape, dtype } of inputs) {
    const where = `input "${name}"`;
    const tensor = tensors[name];
    if (tensor === undefined) throw new MmelError("GRAPH", { what: "the input is missing", where });
    const { data, shape: given } = tensor;
    const fits =
      given.length === shape.length &&
      shape.every((dim, axis) => sizeOf(dim, given[axis]!, sizes) === given[axis]);
    const count = given.reduce((product, size) => product * size, 1);
    if (fits && data.length === count && data instanceof ARRAYS[dtype]) continue;
    const what = `the input is a ${data.constructor.name} of ${data.length} elements with the shape ${formatShape(given)}`;
    const known = [...sizes].map(([dim, size]) => `${dim} = ${size}`).join(", ");
    const expected = `${dtype} ${formatShape(shape)}${known === "" ? "" : ` with ${known}`}`;
    throw new MmelError("GRAPH", { what, where, expected });
  }
}

/**
 * Returns the size that an axis must have. The value of a named size comes from the first tensor that uses the name.
 */
function sizeOf(dim: number | string, given: number, sizes: Map<string, number>): number {
  if (typeof dim === "number") return dim;
  const size = sizes.get(dim) ?? given;
  sizes.set(dim, size);
  return size;
}
