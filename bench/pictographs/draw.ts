import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sharp } from "sharp";
import { type Entity, throwIfAborted } from "../../src/core/index.js";
import type { Split } from "../../src/datasets/splits.js";
import { ARTISTS } from "./artists.js";
import type { IconSets } from "./packages.js";
import type { Pictograph } from "./pictograph.js";

/** A pictograph with its pictures. */
export interface Drawn {
  readonly pictograph: Pictograph;
  readonly split: Split;
  /** With the picture that the knowledge base shows, if there is one. */
  readonly entity: Entity;
  /** Files of its pictures by the artists of its split; none when no caption may mean it. */
  readonly pictures: readonly string[];
}

/** Why pictures were left out. */
export interface Dropped {
  /** Another artist's picture of the same entity is nearly the same. */
  nearlySame: number;
  /** Cannot be read, or shows nothing on white. */
  blank: number;
}

export interface DrawOptions {
  readonly sets: IconSets;
  readonly images: string;
  readonly splitOf: (id: string) => Split | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onDrawn?: ((entities: number) => void) | undefined;
}

/** Pictographs rendered at a time: bounds memory, and how long an interruption waits. */
const BATCH = 32;

/** Renders the pictures of all pictographs into a folder, batch by batch; caption pictures only of those with a split. */
export async function drawAll(
  pictographs: readonly Pictograph[],
  options: DrawOptions,
): Promise<{ drawn: Drawn[]; dropped: Dropped }> {
  const drawn: Drawn[] = [];
  const dropped: Dropped = { nearlySame: 0, blank: 0 };
  for (let from = 0; from < pictographs.length; from += BATCH) {
    throwIfAborted(options.signal);
    const batch = pictographs.slice(from, from + BATCH);
    drawn.push(...(await Promise.all(batch.map((pictograph) => draw(pictograph, options, dropped)))));
    options.onDrawn?.(drawn.length);
  }
  return { drawn, dropped };
}

async function draw(pictograph: Pictograph, options: DrawOptions, dropped: Dropped): Promise<Drawn> {
  const { kind, entity } = pictograph;
  const wanted = options.splitOf(entity.id);
  const split = wanted ?? "train";
  const shown = await picture(pictograph, ARTISTS[kind].entity, options, dropped);
  const kept: Picture[] = [];
  for (const artist of wanted === undefined || shown === undefined ? [] : ARTISTS[kind][split]) {
    const next = await picture(pictograph, artist, options, dropped);
    if (next === undefined) continue;
    if ([shown!, ...kept].some((other) => isNearlySame(other, next))) dropped.nearlySame += 1;
    else kept.push(next);
  }
  for (const { file, png } of shown === undefined ? kept : [shown, ...kept])
    await writeFile(join(options.images, file), png);
  return {
    pictograph,
    split,
    entity: shown === undefined ? entity : { ...entity, images: [shown.file] },
    pictures: kept.map(({ file }) => file),
  };
}

async function picture(
  { icons }: Pictograph,
  artist: string,
  { sets }: DrawOptions,
  dropped: Dropped,
): Promise<Picture | undefined> {
  const name = icons.get(artist);
  const svg = name === undefined ? undefined : sets.get(artist)?.svg(name, SIDE);
  if (svg === undefined) return undefined;
  const rendered = await render(svg);
  if (rendered === undefined) dropped.blank += 1;
  return rendered;
}

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
