import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { copyFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import type { Caption, Entity } from "../../core/index.js";
import { makeFolder } from "../../core/make-folder.js";

/**
 * Finds a picture, given the path in a caption or an entity. Returns the path of the picture's file. Throws if the file
 * does not exist or must not be read.
 */
export type FindPicture = (path: string) => Promise<string>;

/** Returns the SHA-256 hash of a file, in hexadecimal. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/**
 * Names of the folders inside `images/`. They are separate, so that pictures of captions and entities cannot have the
 * same path.
 */
const FOLDER = { captions: "captions", entities: "entities" } as const;

/**
 * Copies a caption's picture from `file` into the folder `images`. Returns the caption with the new path, or without a
 * picture if there is no `file`.
 */
export async function copyCaptionPicture(
  caption: Caption,
  file: string | undefined,
  images: string,
): Promise<Caption> {
  const { image, ...rest } = caption;
  if (image === undefined || file === undefined) return rest;
  const path = `${FOLDER.captions}/${image}`;
  await copy(file, join(images, path));
  return { ...rest, image: path };
}

/**
 * Copies an entity's pictures into the folder `images`, and skips pictures that are not found. Returns the entity with
 * the new paths.
 */
export async function copyEntityPictures(entity: Entity, find: FindPicture, images: string): Promise<Entity> {
  const kept: string[] = [];
  for (const image of entity.images) {
    const file = await find(image).catch(() => undefined);
    if (file === undefined) continue;
    const path = `${FOLDER.entities}/${image}`;
    await copy(file, join(images, path));
    kept.push(path);
  }
  return { ...entity, images: kept };
}

async function copy(from: string, to: string): Promise<void> {
  await makeFolder(dirname(to));
  await copyFile(from, to);
}
