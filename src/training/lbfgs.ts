/** A differentiable function. Returns the value at `point` and writes the gradient to `gradient`. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  /** Maximum number of steps (default 300). */
  readonly steps?: number;
  /** Relative tolerance: stops after a step that lowers the value by at most this fraction (default 1e-9). */
  readonly tolerance?: number;
  /** Called after each step. */
  readonly onStep?: (step: number, value: number) => void;
}

/** Maximum number of curvature pairs to keep. */
const MEMORY = 10;

/** A step and the change in the gradient during this step. */
interface CurvaturePair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** Curvature coefficient ρ = 1 / (change · step). */
  readonly rho: number;
}

/**
 * Minimises a function with L-BFGS (Nocedal and Wright, algorithm 7.5) and a backtracking line search with the Armijo
 * condition. Deterministic.
 */
export function lbfgs(objective: Objective, start: Float64Array, options: LbfgsOptions = {}): Float64Array {
  const { steps = 300, tolerance = 1e-9, onStep } = options;
  let point = start.slice();
  let gradient = new Float64Array(point.length);
  let value = objective(point, gradient);
  const pairs: CurvaturePair[] = [];
  for (let step = 1; step <= steps; step++) {
    const next = lineSearch(objective, point, value, gradient, direction(gradient, pairs));
    if (next === undefined) break;
    addPair(pairs, difference(next.point, point), difference(next.gradient, gradient));
    const gain = value - next.value;
    ({ point, gradient, value } = next);
    onStep?.(step, value);
    if (gain <= tolerance * Math.abs(value)) break;
  }
  return point;
}

/** Computes the search direction, −(approximate inverse Hessian) · gradient, by two-loop recursion (algorithm 7.4). */
function direction(gradient: Float64Array, pairs: readonly CurvaturePair[]): Float64Array {
  const result = gradient.map((slope) => -slope);
  const last = pairs.at(-1);
  if (last === undefined) return scale(result, 1 / Math.max(1e-12, Math.sqrt(dot(gradient, gradient))));
  const alphas = pairs.toReversed().map(({ step, change, rho }) => {
    const alpha = rho * dot(step, result);
    addScaled(result, change, -alpha);
    return alpha;
  });
  scale(result, 1 / (last.rho * dot(last.change, last.change)));
  pairs.forEach(({ step, change, rho }, i) => {
    addScaled(result, step, alphas[pairs.length - 1 - i]! - rho * dot(change, result));
  });
  return result;
}

interface Evaluated {
  readonly point: Float64Array<ArrayBuffer>;
  readonly gradient: Float64Array<ArrayBuffer>;
  readonly value: number;
}

/**
 * Tries the step lengths 1, ½, ¼ … and returns the first point that meets the Armijo condition; undefined if none does.
 */
function lineSearch(
  objective: Objective,
  from: Float64Array,
  value: number,
  gradient: Float64Array,
  towards: Float64Array,
): Evaluated | undefined {
  const slope = dot(gradient, towards);
  for (let length = 1; length > 1e-10; length /= 2) {
    const point = Float64Array.from(from, (coordinate, i) => coordinate + length * towards[i]!);
    const newGradient = new Float64Array(point.length);
    const newValue = objective(point, newGradient);
    if (newValue <= value + 1e-4 * length * slope) return { point, gradient: newGradient, value: newValue };
  }
  return undefined;
}

/** Adds a pair unless its curvature is too small. Removes the oldest pair if there are more than `MEMORY`. */
function addPair(pairs: CurvaturePair[], step: Float64Array, change: Float64Array): void {
  const curvature = dot(change, step);
  if (curvature <= 1e-14) return;
  pairs.push({ step, change, rho: 1 / curvature });
  if (pairs.length > MEMORY) pairs.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

const difference = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value - b[i]!);

function scale(vector: Float64Array, factor: number): Float64Array {
  for (let i = 0; i < vector.length; i++) vector[i]! *= factor;
  return vector;
}

function addScaled(vector: Float64Array, added: Float64Array, factor: number): void {
  for (let i = 0; i < vector.length; i++) vector[i]! += factor * added[i]!;
}
