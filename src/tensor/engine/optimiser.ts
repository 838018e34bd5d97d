import { MmelError } from "../../core/index.js";
import type { GradientSpec, Program, Tensor } from "../onnx/index.js";
import {
  accumulate,
  accumulateRows,
  adamW,
  allocate,
  clipFactor,
  type FlatTensors,
  globalNorm,
  moveAverage,
} from "../optim.js";
import type { StepOptions } from "./protocol.js";

/** Gradients and AdamW moments of the trained weights, in flat buffers with the same layout. */
export interface Optimiser {
  readonly gradients: FlatTensors;
  /** Buffers for the dense gradients of one micro-batch, before they are added to `gradients`. */
  readonly arriving: FlatTensors;
  readonly firstMoments: FlatTensors;
  readonly secondMoments: FlatTensors;
  /** Moving average of the trained weights, from the first step with `averageDecay` on. */
  averages?: FlatTensors;
  /** Number of updates so far. */
  step: number;
}

/**
 * Creates an optimiser. `named` maps the name of each trained weight to its number of elements. The weights are laid
 * out in the order of their names, so that sums over all weights do not depend on the order of the map.
 */
export function createOptimiser(named: ReadonlyMap<string, number>): Optimiser {
  const sizes = new Map([...named].sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    gradients: allocate(sizes),
    arriving: allocate(sizes),
    firstMoments: allocate(sizes),
    secondMoments: allocate(sizes),
    step: 0,
  };
}

/** Returns the buffers for a program's dense gradients, keyed by tensor name. */
export function arrivals({ arriving }: Optimiser, { gradients }: Program): ReadonlyMap<string, Float32Array> {
  return new Map(
    gradients.flatMap((spec) =>
      spec.dense === undefined ? [] : [[spec.dense.name, viewOf(arriving, spec)] as const],
    ),
  );
}

/**
 * Adds a micro-batch's gradients, multiplied by `share`, to the optimiser's gradients. Dense gradients are read from
 * the buffers that `arrivals` returns, and row gradients from `results`.
 */
export function addGradients(
  { gradients }: Optimiser,
  program: Program,
  arrived: ReadonlyMap<string, Float32Array>,
  results: ReadonlyMap<string, Tensor>,
  share: number,
): void {
  for (const spec of program.gradients) {
    const into = viewOf(gradients, spec);
    if (spec.dense !== undefined) accumulate(into, arrived.get(spec.dense.name)!, share);
    for (const { indices, rows } of spec.rows) {
      const index = results.get(indices.name)!.data as BigInt64Array;
      accumulateRows(into, index, results.get(rows.name)!.data as Float32Array, share);
    }
  }
}

function viewOf(tensors: FlatTensors, { parameter }: GradientSpec): Float32Array {
  const view = tensors.views.get(parameter);
  if (view !== undefined) return view;
  throw new MmelError("GRAPH", {
    what: "the weight was not among the trained weights in the first step",
    where: `weight "${parameter}"`,
    hint: "Define every training program before the first step.",
  });
}

/**
 * Clips the gradients and performs one AdamW update of the trained weights; weight decay applies only to matrices.
 * Returns the gradient norm before clipping. Throws `NOT_A_NUMBER`, before changing anything, if the norm is not
 * finite.
 */
export function update(
  optimiser: Optimiser,
  weights: ReadonlyMap<string, Float32Array>,
  matrices: ReadonlySet<string>,
  { learningRate, weightDecay, clip, rateFactors = {}, averageDecay }: StepOptions,
): number {
  const norm = globalNorm(optimiser.gradients.data);
  if (!Number.isFinite(norm)) throw notFinite(optimiser.gradients);
  const gradientScale = clipFactor(norm, clip);
  const factors = Object.entries(rateFactors);
  optimiser.step++;
  for (const [name, gradients] of optimiser.gradients.views) {
    const tensor = {
      weights: weights.get(name)!,
      gradients,
      firstMoments: optimiser.firstMoments.views.get(name)!,
      secondMoments: optimiser.secondMoments.views.get(name)!,
    };
    const decay = matrices.has(name) ? weightDecay : 0;
    const [, factor = 1] = factors.find(([prefix]) => name.startsWith(prefix)) ?? [];
    const rate = { learningRate: factor * learningRate, weightDecay: decay };
    adamW(tensor, { ...rate, gradientScale, step: optimiser.step });
  }
  if (averageDecay !== undefined) average(optimiser, weights, averageDecay);
  return norm;
}

function average(optimiser: Optimiser, weights: ReadonlyMap<string, Float32Array>, decay: number): void {
  const { averages, step } = optimiser;
  for (const [name, view] of averages?.views ?? []) moveAverage(view, weights.get(name)!, { decay, step });
  optimiser.averages ??= copyOfTrained(optimiser, weights);
}

/** Returns a copy of the trained weights. */
export function copyOfTrained(
  { gradients }: Optimiser,
  weights: ReadonlyMap<string, Float32Array>,
): FlatTensors {
  const copy = allocate(new Map([...gradients.views].map(([name, { length }]) => [name, length])));
  for (const [name, view] of copy.views) view.set(weights.get(name)!);
  return copy;
}

function notFinite({ views }: FlatTensors): MmelError {
  const names = [...views].filter(([, view]) => !view.every(Number.isFinite)).map(([name]) => name);
  const where = `weight "${names[0]}" (affected weights: ${names.length})`;
  return new MmelError("NOT_A_NUMBER", {
    what: "a gradient is not finite",
    where,
    hint: "Lower the learning rate.",
  });
}
