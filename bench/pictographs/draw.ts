import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sharp } from "sharp";
import { type Entity, throwIfAborted } from "../../src/core/index.js";
import type { Split } from "../../src/datasets/splits.js";
import { ARTISTS } from "./artists.js";
import type { IconSets } from "./packages.js";
import type { Pictograph } from "./pictograph.js";

/** A pictograph with its rendered pictures. */
export interface Drawn {
  readonly pictograph: Pictograph;
  readonly split: Split;
  /** The entity for the knowledge base. It has a picture if the knowledge base's artist drew the entity. */
  readonly entity: Entity;
  /** Picture files for captions, by artists that belong to the entity's split. Empty if captions cannot refer to the entity. */
  readonly pictures: readonly string[];
}

/** Number of pictures that were left out, by reason. */
export interface Dropped {
  /** Number of pictures that are nearly identical to another artist's picture of the same entity. */
  nearlySame: number;
  /** Number of pictures that are unreadable or invisible on a white background. */
  blank: number;
}

export interface DrawOptions {
  readonly sets: IconSets;
  readonly images: string;
  readonly splitOf: (id: string) => Split | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onDrawn?: ((entities: number) => void) | undefined;
}

/** Number of pictographs that are rendered concurrently. It limits memory use and the delay before an abort takes effect. */
const BATCH = 32;

/**
 * Renders the pictures of all pictographs to a folder. Pictures for captions are rendered only if `splitOf` assigns the entity
 * to a split. Throws `ABORTED` if the signal is aborted.
 */
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

/** Width and height of a picture, in pixels. */
export const SIDE = 224;

/** A rendered drawing on a white background, `SIDE` × `SIDE` pixels. */
export interface Picture {
  /** File name, derived from the content, so that it reveals neither the entity nor the artist. */
  readonly file: string;
  readonly png: Buffer;
  /** Grey levels of the drawing without its margins: [THUMBNAIL²]. */
  readonly thumbnail: Uint8Array;
}

const WHITE = "#ffffff";
const THUMBNAIL = 16;
const PNG = { compressionLevel: 9, adaptiveFiltering: false, palette: false } as const;

/** A pixel counts as white if all of its levels are above this value. */
const BLANK = 250;

/**
 * Renders a drawing. The same drawing always gives the same bytes. Returns undefined if the drawing is unreadable or invisible
 * on a white background.
 */
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

/** Two drawings count as nearly identical if their mean difference in grey level (0 to 1) is below this value. */
const NEARLY_SAME = 0.06;

/** Returns whether two drawings are identical or nearly identical. */
export function isNearlySame(a: Picture, b: Picture): boolean {
  let difference = 0;
  for (const [index, level] of a.thumbnail.entries()) difference += Math.abs(level - b.thumbnail[index]!);
  return difference / (255 * a.thumbnail.length) < NEARLY_SAME;
}

/** Combines pictures into one picture, from left to right, with a height of `SIDE` pixels. */
export async function sideBySide(pngs: readonly Buffer[]): Promise<{ file: string; png: Buffer }> {
  const { default: sharp } = await import("sharp");
  const png = await sharp({
    create: { width: SIDE * pngs.length, height: SIDE, channels: 3, background: WHITE },
  })
    .composite(pngs.map((input, index) => ({ input, left: index * SIDE, top: 0 })))
    .removeAlpha()
    .png(PNG)
    .toBuffer();
  return { file: fileOf(png), png };
}

const fileOf = (png: Buffer): string => `${createHash("sha256").update(png).digest("hex").slice(0, 20)}.png`;
