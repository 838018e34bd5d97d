/** One tensor with its gradient and the two moments of its gradients; all of one length. */
export interface AdamWTensor {
  readonly weights: Float32Array;
  readonly gradients: Float32Array;
  readonly firstMoments: Float32Array;
  readonly secondMoments: Float32Array;
}

export interface AdamWOptions {
  readonly learningRate: number;
  /** Decoupled: shrinks the weights by `learningRate · weightDecay`, whatever the gradient. */
  readonly weightDecay: number;
  /** Which update this is, from 1. */
  readonly step: number;
  /** Factor on the gradients, as clipping asks. */
  readonly gradientScale?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
}

/** AdamW (Loshchilov and Hutter 2019, algorithm 2) in place: float32 in memory, float64 in between. */
export function adamW(tensor: AdamWTensor, options: AdamWOptions): void {
  const { learningRate, weightDecay, step, gradientScale = 1 } = options;
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const { weights, gradients, firstMoments, secondMoments } = tensor;
  const shrink = 1 - learningRate * weightDecay;
  const rate = learningRate / (1 - beta1 ** step);
  const correction = 1 / Math.sqrt(1 - beta2 ** step);
  for (let at = 0; at < weights.length; at++) {
    const g = gradients[at]! * gradientScale;
    const m = beta1 * firstMoments[at]! + (1 - beta1) * g;
    const v = beta2 * secondMoments[at]! + (1 - beta2) * g * g;
    firstMoments[at] = m;
    secondMoments[at] = v;
    weights[at] = weights[at]! * shrink - (rate * m) / (Math.sqrt(v) * correction + epsilon);
  }
}
