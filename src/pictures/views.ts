import { MmelError } from "../core/index.js";
import { type Box, cropPixels, type Pixels } from "../encoders/image/index.js";

/** Into how many equal parts, along its longer side, a picture is cut besides being seen whole. */
const PARTS: Readonly<Record<number, readonly number[]>> = {
  1: [],
  3: [2],
  4: [3],
  6: [2, 3],
};

/** `CONFIG` for a number of views that there is no way of seeing a picture for. */
export function checkViews(views: number): void {
  if (PARTS[views] !== undefined) return;
  throw new MmelError("CONFIG", {
    what: `${views} views of a picture`,
    expected: "1: the whole; 3: and its halves; 4: or its thirds; 6: both",
  });
}

/**
 * The views of a picture, the whole first, then halves, then thirds, from left to right, or from top to bottom where it is
 * taller than wide. Which numbers of views there are: `checkViews`.
 */
export function viewsOf(pixels: Pixels, views: number): Pixels[] {
  const parts = (PARTS[views] ?? []).flatMap((count) =>
    Array.from({ length: count }, (_, part) => boxOf(pixels, part, count)),
  );
  return [pixels, ...parts.map((box) => cropPixels(pixels, box))];
}

/** Part number `part` of `count`; of a picture with fewer pixels than parts some are the same. */
function boxOf({ width, height }: Pixels, part: number, count: number): Box {
  const length = Math.max(width, height);
  const start = Math.floor((part * length) / count);
  const size = Math.max(1, Math.floor(((part + 1) * length) / count) - start);
  return width >= height
    ? { left: start, top: 0, width: size, height }
    : { left: 0, top: start, width, height: size };
}
