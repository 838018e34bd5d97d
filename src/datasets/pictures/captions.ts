import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Caption, type ErrorCode, MmelError, throwIfAborted } from "../../core/index.js";
import {
  captionFromWire,
  captionSchema,
  parseWire,
  type Read,
  type WireCaption,
} from "../../formats/index.js";
import { locateNames } from "../locate-names.js";
import { type PictureText, readPictureText } from "./metadata.js";

export interface PictureCaptionOptions {
  /** The preferred language of descriptions (BCP 47). */
  readonly language?: string;
  /** Maximum size of a picture in bytes. Default: 64 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads a caption from the metadata of each picture in a folder and its subfolders. The text is the description or, if there
 * is none, the headline. The mentions are the people shown, with spans if the text contains their names. `id` and `image`
 * are both the path of the picture inside the folder. Files that are damaged, have no text or are not pictures are yielded
 * as rejected; their `line` is the sequence number of the file. Keeps one picture at a time in memory.
 */
export async function* pictureCaptions(
  folder: string,
  options: PictureCaptionOptions = {},
): AsyncGenerator<Read<Caption>> {
  let line = 0;
  for await (const found of filesBelow(folder, options.signal)) {
    throwIfAborted(options.signal);
    line++;
    const { path } = found;
    try {
      if (found.kind === "refused") throw found.error;
      yield { kind: "record", line, value: await captionOf(folder, path, options) };
    } catch (error) {
      yield { kind: "rejected", line, id: path, error: located(error, path), excerpt: "" };
    }
  }
}

async function captionOf(folder: string, path: string, options: PictureCaptionOptions): Promise<Caption> {
  const bytes = await readBounded(join(folder, path), options.maxBytes ?? 64 << 20);
  const wire = wireOf(path, await readPictureText(bytes, options.language));
  return captionFromWire(parseWire(captionSchema, wire, "CAPTION_INVALID"));
}

async function readBounded(file: string, limit: number): Promise<Buffer> {
  const { size } = await stat(file);
  if (size <= limit) return readFile(file);
  throw new MmelError("IMAGE_TOO_LARGE", {
    what: `the picture is too large: ${size} bytes`,
    expected: `at most ${limit} bytes`,
  });
}

function wireOf(path: string, { description, headline, persons, language }: PictureText): WireCaption {
  const text = description ?? headline;
  if (text === undefined)
    throw new MmelError("CAPTION_INVALID", {
      what: "the picture has neither a description nor a headline",
      expected: "a description or a headline in XMP, IPTC or EXIF",
    });
  const spans = locateNames(text, persons);
  const mentions = persons.map((name, index) => ({ text: name, ...spans[index] }));
  return {
    id: path,
    text,
    image: path,
    ...(language !== undefined && { language }),
    mentions: mentions.sort((a, b) => (a.start ?? text.length) - (b.start ?? text.length)),
  };
}

/** Converts an error to an `MmelError` that contains the path `where` of the picture. */
function located(error: unknown, where: string): MmelError {
  if (error instanceof MmelError) return new MmelError(error.code, { ...error.detail, where });
  const { code, message } = error as NodeJS.ErrnoException;
  const kind: ErrorCode = code === "ENOENT" ? "FILE_NOT_FOUND" : "FILE_UNREADABLE";
  return new MmelError(kind, { what: `the picture cannot be read (${message})`, where, cause: error });
}

/** An entry of a folder: a regular file, or an entry that is refused (a symbolic link or a device). */
type Found =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "refused"; readonly path: string; readonly error: MmelError };

/**
 * Yields the files in a folder and its subfolders in sorted order. Their paths are relative to the folder and contain `/` as
 * the separator. Yields symbolic links and devices as refused. Skips hidden files and folders, and sidecars (`.xmp`). Keeps
 * the names in one folder and its parent folders in memory.
 */
async function* filesBelow(folder: string, signal?: AbortSignal, below = ""): AsyncGenerator<Found> {
  throwIfAborted(signal);
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (entry.name.startsWith(".") || /\.xmp$/i.test(entry.name)) continue;
    if (entry.isFile()) yield { kind: "file", path };
    else if (entry.isDirectory()) yield* filesBelow(folder, signal, path);
    else yield { kind: "refused", path, error: notFollowed(path) };
  }
}

const notFollowed = (path: string): MmelError =>
  new MmelError("PATH_OUTSIDE", {
    what: "symbolic links and devices are not followed",
    where: path,
    expected: "a regular file",
  });
