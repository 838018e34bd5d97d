import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Entity, throwIfAborted } from "../../src/core/index.js";
import type { Split } from "../../src/datasets/splits.js";
import { ARTISTS } from "./artists.js";
import type { IconSets, Pictograph } from "./pictograph.js";
import { isNearlySame, type Picture, render, SIDE } from "./render.js";

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
