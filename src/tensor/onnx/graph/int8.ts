import { mul } from "./elementwise.js";
import type { RoundedWeight, Value } from "./value.js";

/** Number of levels above zero, and below it. */
const LEVELS = 127;
/** The level of zero. Levels are unsigned, because processors multiply unsigned by signed bytes. */
const ZERO = 128;

/**
 * Computes `x Wᵀ + b` in int8: x [.., in] -> [.., out]. x divided by the divisors [in] is rounded to 255 levels, and
 * multiplied by the rounded W, whose columns are multiplied by the divisors (SmoothQuant, Xiao et al. 2023). The levels
 * are the same for every input and sums of their products are exact, so a row of the result depends only on the same
 * row of x.
 */
export function int8Linear(x: Value, divisors: Float32Array, weight: RoundedWeight, bias?: Value): Value {
  const { graph } = x;
  const { words, scales } = weight;
  const scale = graph.constant(1 / LEVELS);
  const zero = graph.constant(ZERO, [], "uint8");
  const divided = mul(x, graph.constant(divisors.map((divisor) => 1 / divisor)));
  const levels = graph.emit("QuantizeLinear", [divided, scale, zero], { shape: x.shape, dtype: "uint8" });
  const inputs = [levels, words, scale, scales, zero, graph.constant(0, [], "int8")];
  return graph.emit("MatMulIntegerToFloat", bias === undefined ? inputs : [...inputs, bias], {
    shape: [...x.shape.slice(0, -1), words.shape[1]!],
  });
}

/** Returns the names of the two parts of the rounded weight `name`. */
export const roundedNames = (name: string): Record<keyof RoundedWeight, string> => ({
  words: `${name}.words`,
  scales: `${name}.scales`,
});
