import { createRandom } from "../../core/index.js";
import type { Parameter } from "./weights.js";

/**
 * Values of a weight before training, from the seed and its name alone: matrices uniform after Glorot and Bengio (2010),
 * the "no image" vector normal and of length about 1 like the image vectors it stands for, norms 1, biases 0.
 */
export function initial({ name, shape }: Parameter, seed: number | string): Float32Array {
  const random = createRandom(`${seed}/${name}`);
  const values = new Float32Array(shape.reduce((size, dim) => size * dim, 1));
  const [rows = 1, columns] = shape;
  if (columns !== undefined) {
    const bound = Math.sqrt(6 / (rows + columns));
    return values.map(() => bound * (2 * random.next() - 1));
  }
  if (name === "image.none") return values.map(() => random.normal() / Math.sqrt(rows));
  return name.endsWith(".weight") ? values.fill(1) : values;
}
