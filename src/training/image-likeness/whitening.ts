/** The mean of a set of vectors, and the matrix W that whitens a vector after subtracting the mean. */
export interface Whitening {
  /** Mean vector: [width]. */
  readonly mean: Float32Array;
  /** Matrix W: [width, width], one row per output. */
  readonly whitening: Float32Array;
}

/**
 * Fits the whitening W = L⁻¹ with L Lᵀ = S + ridge · tr(S) / width · I (Cholesky), where S is the covariance of the
 * vectors. Whitening shrinks directions with a large variance and stretches directions with a small variance. The ridge
 * limits the influence of directions with almost no variance.
 */
export function fitWhitening(vectors: readonly Float32Array[], ridge: number): Whitening {
  const width = vectors[0]!.length;
  const mean = new Float64Array(width);
  for (const vector of vectors) for (let i = 0; i < width; i++) mean[i]! += vector[i]! / vectors.length;
  const covariance = new Float64Array(width * width); // lower triangle
  const centred = new Float64Array(width);
  for (const vector of vectors) {
    for (let i = 0; i < width; i++) centred[i] = vector[i]! - mean[i]!;
    for (let i = 0; i < width; i++)
      for (let j = 0, value = centred[i]! / vectors.length; j <= i; j++)
        covariance[i * width + j]! += value * centred[j]!;
  }
  let trace = 0;
  for (let i = 0; i < width; i++) trace += covariance[i * width + i]!;
  for (let i = 0; i < width; i++) covariance[i * width + i]! += (ridge * trace) / width;
  factorise(covariance, width);
  return { mean: Float32Array.from(mean), whitening: Float32Array.from(inverted(covariance, width)) };
}

/** Replaces the lower triangle of A with L, where L Lᵀ = A (Cholesky; Golub and Van Loan, algorithm 4.2.1). */
function factorise(a: Float64Array, width: number): void {
  for (let i = 0; i < width; i++)
    for (let j = 0; j <= i; j++) {
      let sum = a[i * width + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * width + k]! * a[j * width + k]!;
      a[i * width + j] = i === j ? Math.sqrt(sum) : sum / a[j * width + j]!;
    }
}

/** Computes the inverse of a lower triangular matrix by forward substitution. */
function inverted(l: Float64Array, width: number): Float64Array {
  const inverse = new Float64Array(width * width);
  const row = new Float64Array(width);
  for (let i = 0; i < width; i++) {
    row.fill(0);
    for (let k = 0; k < i; k++) {
      const factor = l[i * width + k]!;
      for (let j = 0; j <= k; j++) row[j]! -= factor * inverse[k * width + j]!;
    }
    const diagonal = l[i * width + i]!;
    for (let j = 0; j < i; j++) inverse[i * width + j] = row[j]! / diagonal;
    inverse[i * width + i] = 1 / diagonal;
  }
  return inverse;
}
