import { MmelError } from "../core/index.js";
import { type Box, cropPixels, type Pixels } from "../encoders/image/index.js";

/**
 * For each number of views, the numbers of equal parts into which a picture's longer side is divided: `[2]` halves,
 * `[3]` thirds, `[2, 3]` both. The complete picture is always the first view.
 */
const PARTS: Readonly<Record<number, readonly number[]>> = {
  1: [],
  3: [2],
  4: [3],
  6: [2, 3],
};

/** Throws `CONFIG` if the number of views is not supported. */
export function checkViews(views: number): void {
  if (PARTS[views] !== undefined) return;
  throw new MmelError("CONFIG", {
    what: `${views} views per picture are not supported`,
    expected: "1 (whole), 3 (whole and halves), 4 (whole and thirds) or 6 (whole, halves and thirds)",
  });
}

/**
 * Returns the views of a picture: the complete picture, then its halves, then its thirds. Parts are ordered from left
 * to right, or from top to bottom if the picture is taller than wide. `views` is 1 (only the complete picture), 3 (with
 * halves), 4 (with thirds) or 6 (with both).
 */
export function viewsOf(pixels: Pixels, views: number): Pixels[] {
  const parts = (PARTS[views] ?? []).flatMap((count) =>
    Array.from({ length: count }, (_, part) => boxOf(pixels, part, count)),
  );
  return [pixels, ...parts.map((box) => cropPixels(pixels, box))];
}

/**
 * Returns the box of one of `count` parts; `part` is its index, starting at 0. Some parts coincide if the longer side
 * has fewer than `count` pixels.
 */
function boxOf({ width, height }: Pixels, part: number, count: number): Box {
  const length = Math.max(width, height);
  const start = Math.floor((part * length) / count);
  const size = Math.max(1, Math.floor(((part + 1) * length) / count) - start);
  return width >= height
    ? { left: start, top: 0, width: size, height }
    : { left: 0, top: start, width, height: size };
}
