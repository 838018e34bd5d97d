/** A differentiable function: returns its value at a point and writes the gradient. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  /** Steps at most (300). */
  readonly steps?: number;
  /** Stops when a step lowers the value by less than this share of it (1e-9). */
  readonly tolerance?: number;
  /** Called after each step. */
  readonly onStep?: (step: number, value: number) => void;
}

/** Pairs of steps and changes of the gradient that are remembered. */
const MEMORY = 10;

interface Memory {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** 1 / (change · step). */
  readonly rho: number;
}

/** Minimises by L-BFGS (Nocedal and Wright, algorithm 7.5) with backtracking to Armijo's condition. Deterministic. */
export function lbfgs(objective: Objective, start: Float64Array, options: LbfgsOptions = {}): Float64Array {
  const { steps = 300, tolerance = 1e-9, onStep } = options;
  let point = start.slice();
  let gradient = new Float64Array(point.length);
  let value = objective(point, gradient);
  const memories: Memory[] = [];
  for (let step = 1; step <= steps; step++) {
    const next = lineSearch(objective, point, value, gradient, direction(gradient, memories));
    if (next === undefined) break;
    remember(memories, difference(next.point, point), difference(next.gradient, gradient));
    const gain = value - next.value;
    ({ point, gradient, value } = next);
    onStep?.(step, value);
    if (gain <= tolerance * Math.abs(value)) break;
  }
  return point;
}

/** The two-loop recursion: minus the gradient times the remembered inverse curvature. */
function direction(gradient: Float64Array, memories: readonly Memory[]): Float64Array {
  const result = gradient.map((slope) => -slope);
  const last = memories.at(-1);
  if (last === undefined) return scale(result, 1 / Math.max(1e-12, Math.sqrt(dot(gradient, gradient))));
  const alphas = memories.toReversed().map(({ step, change, rho }) => {
    const alpha = rho * dot(step, result);
    addScaled(result, change, -alpha);
    return alpha;
  });
  scale(result, 1 / (last.rho * dot(last.change, last.change)));
  memories.forEach(({ step, change, rho }, at) => {
    addScaled(result, step, alphas[memories.length - 1 - at]! - rho * dot(change, result));
  });
  return result;
}

interface Evaluated {
  readonly point: Float64Array<ArrayBuffer>;
  readonly gradient: Float64Array<ArrayBuffer>;
  readonly value: number;
}

/** The longest of the steps 1, ½, ¼ … that lowers the value enough; none when no step does. */
function lineSearch(
  objective: Objective,
  from: Float64Array,
  value: number,
  gradient: Float64Array,
  towards: Float64Array,
): Evaluated | undefined {
  const slope = dot(gradient, towards);
  for (let length = 1; length > 1e-10; length /= 2) {
    const point = Float64Array.from(from, (coordinate, at) => coordinate + length * towards[at]!);
    const there = new Float64Array(point.length);
    const lower = objective(point, there);
    if (lower <= value + 1e-4 * length * slope) return { point, gradient: there, value: lower };
  }
  return undefined;
}

function remember(memories: Memory[], step: Float64Array, change: Float64Array): void {
  const curvature = dot(change, step);
  if (curvature <= 1e-14) return;
  memories.push({ step, change, rho: 1 / curvature });
  if (memories.length > MEMORY) memories.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!;
  return sum;
}

const difference = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, at) => value - b[at]!);

function scale(vector: Float64Array, factor: number): Float64Array {
  for (let at = 0; at < vector.length; at++) vector[at]! *= factor;
  return vector;
}

function addScaled(vector: Float64Array, added: Float64Array, factor: number): void {
  for (let at = 0; at < vector.length; at++) vector[at]! += factor * added[at]!;
}
