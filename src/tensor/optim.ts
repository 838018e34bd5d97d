/** Named tensors stored one after another in a single buffer. Writing to a view writes to the buffer. */
export interface FlatTensors {
  readonly data: Float32Array;
  readonly views: ReadonlyMap<string, Float32Array>;
}

/** Allocates tensors of zeros with the given numbers of elements, in the order of the map. */
export function allocate(sizes: ReadonlyMap<string, number>): FlatTensors {
  let total = 0;
  for (const size of sizes.values()) total += size;
  const data = new Float32Array(total);
  const views = new Map<string, Float32Array>();
  let offset = 0;
  for (const [name, size] of sizes) {
    views.set(name, data.subarray(offset, offset + size));
    offset += size;
  }
  return { data, views };
}

/** Adds `share · from` to `into`, elementwise. The loop is unrolled by four, which halves the time. */
export function accumulate(into: Float32Array, from: Float32Array, share: number): void {
  let i = 0;
  for (; i + 3 < into.length; i += 4) {
    into[i] = into[i]! + share * from[i]!;
    into[i + 1] = into[i + 1]! + share * from[i + 1]!;
    into[i + 2] = into[i + 2]! + share * from[i + 2]!;
    into[i + 3] = into[i + 3]! + share * from[i + 3]!;
  }
  for (; i < into.length; i++) into[i] = into[i]! + share * from[i]!;
}

/**
 * Adds `share · rows[i]` to `into[indices[i]]` for each i in order, so that repeated runs give bit-identical results:
 * rows [m, width], into [n, width]. A negative index counts from the end.
 */
export function accumulateRows(
  into: Float32Array,
  indices: BigInt64Array,
  rows: Float32Array,
  share: number,
): void {
  const width = rows.length / indices.length;
  for (let row = 0; row < indices.length; row++) {
    const index = Number(indices[row]);
    const target = index < 0 ? into.length + index * width : index * width;
    const source = row * width;
    for (let i = 0; i < width; i++) into[target + i] = into[target + i]! + share * rows[source + i]!;
  }
}

/** Computes the Euclidean norm of all elements, summed in float64. The norm is NaN or infinite if an element is. */
export function globalNorm(gradients: Float32Array): number {
  // Four independent sums take less than half the time of one.
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < gradients.length; i += 4) {
    a += gradients[i]! * gradients[i]!;
    b += gradients[i + 1]! * gradients[i + 1]!;
    c += gradients[i + 2]! * gradients[i + 2]!;
    d += gradients[i + 3]! * gradients[i + 3]!;
  }
  for (; i < gradients.length; i++) a += gradients[i]! * gradients[i]!;
  return Math.sqrt(a + b + c + d);
}

/**
 * Returns the factor that scales a gradient with norm `norm` down to the norm `bound`, or 1 if `norm` is already
 * below `bound` (Pascanu et al. 2013; the same as PyTorch's `clip_grad_norm_`).
 */
export function clipFactor(norm: number, bound: number): number {
  return Math.min(1, bound / (norm + 1e-6));
}

/** A weight tensor with its gradient and the gradient's first and second moments, all of the same length. */
export interface AdamWTensor {
  readonly weights: Float32Array;
  readonly gradients: Float32Array;
  readonly firstMoments: Float32Array;
  readonly secondMoments: Float32Array;
}

export interface AdamWOptions {
  readonly learningRate: number;
  /**
   * Decoupled weight decay: each update shrinks the weights by the factor `1 - learningRate · weightDecay`,
   * independently of the gradient.
   */
  readonly weightDecay: number;
  /** Number of this update, counted from 1. */
  readonly step: number;
  /** Factor by which the gradients are multiplied, from `clipFactor`; default: 1. */
  readonly gradientScale?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/**
 * Performs one AdamW update in place (Loshchilov and Hutter 2019, algorithm 2). Values are computed in float64 and
 * stored as float32.
 */
export function adamW(tensor: AdamWTensor, options: AdamWOptions): void {
  const { learningRate, weightDecay, step, gradientScale = 1 } = options;
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const { weights, gradients, firstMoments, secondMoments } = tensor;
  const shrink = 1 - learningRate * weightDecay;
  const rate = learningRate / (1 - beta1 ** step);
  const correction = 1 / Math.sqrt(1 - beta2 ** step);
  for (let i = 0; i < weights.length; i++) {
    const g = gradients[i]! * gradientScale;
    const m = beta1 * firstMoments[i]! + (1 - beta1) * g;
    const v = beta2 * secondMoments[i]! + (1 - beta2) * g * g;
    firstMoments[i] = m;
    secondMoments[i] = v;
    weights[i] = weights[i]! * shrink - (rate * m) / (Math.sqrt(v) * correction + epsilon);
  }
}

/**
 * Moves the exponential moving average of the weights towards the weights, in place: a ← δa + (1 − δ)w with
 * δ = min(decay, (1 + step) / (10 + step)). The smaller δ of the first steps keeps the initial weights from dominating.
 * `step` is the number of the update, counted from 1.
 */
export function moveAverage(
  average: Float32Array,
  weights: Float32Array,
  { decay, step }: { readonly decay: number; readonly step: number },
): void {
  const keep = Math.min(decay, (1 + step) / (10 + step));
  for (let i = 0; i < average.length; i++) average[i] = keep * average[i]! + (1 - keep) * weights[i]!;
}

export interface LinearSchedule {
  /** Learning rate at the end of the warm-up. */
  readonly peak: number;
  /** Number of steps over which the rate rises from 0 to `peak`. */
  readonly warmup: number;
  /** Step at which the rate reaches 0 again. */
  readonly total: number;
}

/** Returns the learning rate at a step, counted from 0: linear warm-up, then linear decay. */
export function linearSchedule({ peak, warmup, total }: LinearSchedule, step: number): number {
  if (step < warmup) return (peak * step) / warmup;
  return peak * Math.max(0, (total - step) / Math.max(1, total - warmup));
}
