import { createHash } from "node:crypto";
import type { Sharp } from "sharp";

/** Side of one picture in pixels. */
export const SIDE = 224;

/** A drawing on white, `SIDE` × `SIDE`. */
export interface Picture {
  /** Named after its content: the name tells neither what it shows nor who drew it. */
  readonly file: string;
  readonly png: Buffer;
  /** [THUMBNAIL²] grey levels of the drawing alone, its margins cut off. */
  readonly thumbnail: Uint8Array;
}

const WHITE = "#ffffff";
const THUMBNAIL = 16;
const PNG = { compressionLevel: 9, adaptiveFiltering: false, palette: false } as const;

/** A grey level from which a pixel counts as white. */
const BLANK = 250;

/** Renders a drawing; `undefined` when it cannot be read or nothing of it shows on white. The same bytes every time. */
export async function render(svg: string): Promise<Picture | undefined> {
  const { default: sharp } = await import("sharp");
  const drawn = await sharp(Buffer.from(svg))
    .resize(SIDE, SIDE, { fit: "contain", background: WHITE })
    .flatten({ background: WHITE })
    .toColourspace("srgb")
    .raw()
    .toBuffer()
    .catch(() => undefined);
  if (drawn?.length !== SIDE * SIDE * 3 || drawn.every((level) => level > BLANK)) return undefined;
  const image = (): Sharp => sharp(drawn, { raw: { width: SIDE, height: SIDE, channels: 3 } });
  const png = await image().png(PNG).toBuffer();
  const trimmed = image().trim({ background: WHITE, threshold: 10 });
  const thumbnail = await trimmed.resize(THUMBNAIL, THUMBNAIL, { fit: "fill" }).greyscale().raw().toBuffer();
  return { file: fileOf(png), png, thumbnail };
}

/** Mean difference of grey levels, of 1, under which two drawings are taken for one. */
const NEARLY_SAME = 0.06;

/** Whether two artists' drawings are one, or so near that telling them apart says nothing. */
export function isNearlySame(a: Picture, b: Picture): boolean {
  let difference = 0;
  for (const [at, level] of a.thumbnail.entries()) difference += Math.abs(level - b.thumbnail[at]!);
  return difference / (255 * a.thumbnail.length) < NEARLY_SAME;
}

/** Pictures from left to right as one, `SIDE` high. */
export async function sideBySide(pngs: readonly Buffer[]): Promise<{ file: string; png: Buffer }> {
  const { default: sharp } = await import("sharp");
  const png = await sharp({
    create: { width: SIDE * pngs.length, height: SIDE, channels: 3, background: WHITE },
  })
    .composite(pngs.map((input, at) => ({ input, left: at * SIDE, top: 0 })))
    .removeAlpha()
    .png(PNG)
    .toBuffer();
  return { file: fileOf(png), png };
}

const fileOf = (png: Buffer): string => `${createHash("sha256").update(png).digest("hex").slice(0, 20)}.png`;
