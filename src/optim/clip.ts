/** Euclidean norm of all elements together, summed in float64. NaN or infinite when an element is. */
export function globalNorm(gradients: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < gradients.length; at++) {
    const g = gradients[at]!;
    sum += g * g;
  }
  return Math.sqrt(sum);
}

/** The factor that brings a gradient of this norm down to `bound`; 1 when it is within (Pascanu et al. 2013, as torch's clip_grad_norm_). */
export function clipFactor(norm: number, bound: number): number {
  return Math.min(1, bound / (norm + 1e-6));
}
