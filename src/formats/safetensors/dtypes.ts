/** Size in bytes of each element type in weights files. I64 occurs only in id buffers, which no model uses. */
export const ELEMENT_BYTES = { F32: 4, F16: 2, BF16: 2, I8: 1, I64: 8 } as const;

export type StoredDtype = keyof typeof ELEMENT_BYTES;

const SUBNORMAL_UNIT = 2 ** -24;

let halves: Float32Array | undefined;

/** Widens IEEE 754 binary16 words to float32 without rounding. */
export function widenHalf(words: Uint16Array, into: Float32Array): void {
  halves ??= Float32Array.from({ length: 1 << 16 }, (_, word) => halfValue(word));
  for (let at = 0; at < words.length; at++) into[at] = halves[words[at]!]!;
}

function halfValue(word: number): number {
  const sign = word & 0x8000 ? -1 : 1;
  const exponent = (word >>> 10) & 31;
  const fraction = word & 1023;
  if (exponent === 0) return sign * fraction * SUBNORMAL_UNIT;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** Widens bfloat16 words (the upper half of a float32) to float32 without rounding. */
export function widenBfloat(words: Uint16Array, into: Float32Array): void {
  const bits = new Uint32Array(into.buffer, into.byteOffset, into.length);
  for (let at = 0; at < words.length; at++) bits[at] = words[at]! << 16;
}

/** Rounds float32 values to the nearest binary16, ties to even. Magnitudes of 65520 and more become infinite. */
export function narrowToHalf(values: Float32Array, into: Uint16Array): void {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let at = 0; at < values.length; at++) into[at] = halfWord(bits[at]!, values[at]!);
}

function halfWord(bits: number, value: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x47800000) return sign | 0x7c00; // 65536 and more
  if (magnitude < 0x38800000) return sign | roundToEven(Math.abs(value) / SUBNORMAL_UNIT); // below 2^-14
  const rebiased = magnitude - 0x38000000; // exponent bias 127 to 15
  return sign | ((rebiased + 0xfff + ((rebiased >>> 13) & 1)) >>> 13);
}

/**
 * Rounds to the nearest integer, ties to even. Adding 2^52 rounds, because a double of 2^52 or more has no fraction
 * bits.
 */
function roundToEven(value: number): number {
  return value + 2 ** 52 - 2 ** 52;
}

const LEVELS = 127;

/**
 * Rounds the rows of a matrix to int8, with one scale per row: value ≈ word × scale. With divisors, one per column:
 * value × divisor ≈ word × scale. A scale has at most 16 significant bits, so every product of a word and a scale is
 * exact in float32. Quantising the dequantised values returns the same words and scales.
 */
export function quantiseRows(
  values: Float32Array,
  scales: Float32Array,
  into: Int8Array,
  divisors?: Float32Array,
): void {
  const width = values.length / Math.max(1, scales.length);
  for (let row = 0; row < scales.length; row++) {
    const from = row * width;
    const value = (column: number): number => values[from + column]! * (divisors?.[column] ?? 1);
    let most = 0;
    for (let column = 0; column < width; column++) most = Math.max(most, Math.abs(value(column)));
    const scale = shortened(most / LEVELS);
    scales[row] = scale;
    for (let column = 0; column < width; column++)
      into[from + column] = scale === 0 ? 0 : Math.round(value(column) / scale);
  }
}

/** Rounds a positive float32 to the nearest number whose last 8 bits are zero. Tiny numbers are rounded up. */
function shortened(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0] = (bits[0]! + (bits[0]! < 0x800000 ? 0xff : 0x80)) & ~0xff;
  return new Float32Array(bits.buffer)[0]!;
}

/** Computes the float32 values of int8 rows: word × scale of the row, divided by the divisor of the column, if any. */
export function dequantiseRows(
  words: Int8Array,
  scales: Float32Array,
  into: Float32Array,
  divisors?: Float32Array,
): void {
  const width = words.length / Math.max(1, scales.length);
  for (let row = 0; row < scales.length; row++)
    for (let column = 0, at = row * width; column < width; column++, at++)
      into[at] = (words[at]! * scales[row]!) / (divisors?.[column] ?? 1);
}

/** Returns whether the magnitude of every value is below `limit`. Returns false if a value is NaN. */
export function allBelow(values: Float32Array, limit: number): boolean {
  for (let at = 0; at < values.length; at++) if (!(Math.abs(values[at]!) < limit)) return false;
  return true;
}
