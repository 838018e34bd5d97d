import type { Pixels } from "./pixels.js";

/** A kernel and how far from its centre it reaches, in pixels of the smaller of the two pictures. */
interface Filter {
  readonly support: number;
  readonly weight: (distance: number) => number;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Keys' cubic with a = −1/2. */
function cubic(distance: number): number {
  const x = Math.abs(distance);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

const FILTERS = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  hamming: {
    support: 1,
    weight: (x) => (Math.abs(x) >= 1 ? 0 : sinc(x) * (0.54 + 0.46 * Math.cos(Math.PI * x))),
  },
  bicubic: { support: 2, weight: cubic },
  lanczos: { support: 3, weight: (x) => (Math.abs(x) >= 3 ? 0 : sinc(x) * sinc(x / 3)) },
} as const satisfies Readonly<Record<string, Filter>>;

export type FilterName = keyof typeof FILTERS;

/** For each pixel of the result the first one it draws from, and fixed-point weights of that and the following ones. */
interface Taps {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** [to, most] */
  readonly weights: Int32Array;
  readonly most: number;
}

/** Bits after the point: 255 times the sum of weights still fits into 32 bits. */
const BITS = 22;
const HALF = 1 << (BITS - 1);

function tapsOf({ support, weight }: Filter, from: number, to: number): Taps {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const reach = support * stretch;
  const most = Math.ceil(reach) * 2 + 1;
  const starts = new Int32Array(to);
  const counts = new Int32Array(to);
  const weights = new Int32Array(to * most);
  for (let at = 0; at < to; at++) {
    const centre = (at + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - reach + 0.5));
    const count = Math.min(from, Math.trunc(centre + reach + 0.5)) - start;
    const exact = Array.from({ length: count }, (_, tap) => weight((tap + start - centre + 0.5) / stretch));
    const sum = exact.reduce((total, value) => total + value, 0);
    starts[at] = start;
    counts[at] = count;
    exact.forEach((value, tap) => {
      const scaled = (sum === 0 ? value : value / sum) * (1 << BITS);
      weights[at * most + tap] = Math.trunc(scaled + (scaled < 0 ? -0.5 : 0.5));
    });
  }
  return { starts, counts, weights, most };
}

/** Weighted sums of pixels a `step` apart, along `lines` lines that begin `stride` apart; all in bytes. */
interface Pass {
  readonly lines: number;
  readonly from: { readonly stride: number; readonly step: number };
  readonly into: { readonly stride: number; readonly step: number };
}

function convolve(
  source: Uint8Array,
  target: Uint8ClampedArray,
  { starts, counts, weights, most }: Taps,
  { lines, from, into }: Pass,
): void {
  for (let line = 0; line < lines; line++) {
    for (let at = 0; at < starts.length; at++) {
      let read = line * from.stride + starts[at]! * from.step;
      let red = HALF;
      let green = HALF;
      let blue = HALF;
      const end = at * most + counts[at]!;
      for (let tap = at * most; tap < end; tap++, read += from.step) {
        const weight = weights[tap]!;
        red += source[read]! * weight;
        green += source[read + 1]! * weight;
        blue += source[read + 2]! * weight;
      }
      const write = line * into.stride + at * into.step;
      target[write] = red >> BITS;
      target[write + 1] = green >> BITS;
      target[write + 2] = blue >> BITS;
    }
  }
}

/**
 * A picture in another size, bit by bit as Pillow makes it: the kernel is stretched when the picture shrinks, so that no
 * detail finer than the result is left to fold over; rows first, then columns, rounded to 8 bits after each.
 */
export function resample(pixels: Pixels, width: number, height: number, filter: FilterName): Pixels {
  return columns(rows(pixels, width, FILTERS[filter]), height, FILTERS[filter]);
}

function rows(pixels: Pixels, width: number, filter: Filter): Pixels {
  if (pixels.width === width) return pixels;
  const data = new Uint8ClampedArray(width * pixels.height * 3);
  convolve(pixels.data, data, tapsOf(filter, pixels.width, width), {
    lines: pixels.height,
    from: { stride: pixels.width * 3, step: 3 },
    into: { stride: width * 3, step: 3 },
  });
  return { data: new Uint8Array(data.buffer), width, height: pixels.height };
}

function columns(pixels: Pixels, height: number, filter: Filter): Pixels {
  if (pixels.height === height) return pixels;
  const { width } = pixels;
  const data = new Uint8ClampedArray(width * height * 3);
  convolve(pixels.data, data, tapsOf(filter, pixels.height, height), {
    lines: width,
    from: { stride: 3, step: width * 3 },
    into: { stride: 3, step: width * 3 },
  });
  return { data: new Uint8Array(data.buffer), width, height };
}
