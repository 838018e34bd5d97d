import { readFile, stat } from "node:fs/promises";
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
import { filesBelow } from "./walk.js";

export interface PictureCaptionOptions {
  /** BCP 47: which description, where a picture has several. */
  readonly language?: string;
  /** Most bytes of one picture; 64 MiB unless given. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/**
 * A caption for each picture below a folder: its description, else its headline; the persons it says it shows are the
 * mentions, with offsets where the text has their names. `id` and `image` are the path within the folder. What is no
 * picture, is damaged or has no text comes out as rejected, by its path; `line` is its number. Memory: one picture.
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

async function readBounded(file: string, most: number): Promise<Buffer> {
  const { size } = await stat(file);
  if (size <= most) return readFile(file);
  throw new MmelError("IMAGE_TOO_LARGE", {
    what: `the picture has ${size} bytes`,
    expected: `at most ${most}`,
  });
}

function wireOf(path: string, { description, headline, persons, language }: PictureText): WireCaption {
  const text = description ?? headline;
  if (text === undefined)
    throw new MmelError("CAPTION_INVALID", {
      what: "the picture has neither a description nor a headline",
      expected: "one in XMP, IPTC or EXIF",
    });
  const spans = locateNames(text, persons);
  const mentions = persons.map((name, at) => ({ text: name, ...spans[at] }));
  return {
    id: path,
    text,
    image: path,
    ...(language !== undefined && { language }),
    mentions: mentions.sort((a, b) => (a.start ?? text.length) - (b.start ?? text.length)),
  };
}

/** Any failure with one picture costs only that one. */
function located(error: unknown, where: string): MmelError {
  if (error instanceof MmelError) return new MmelError(error.code, { ...error.detail, where });
  const { code, message } = error as NodeJS.ErrnoException;
  const kind: ErrorCode = code === "ENOENT" ? "FILE_NOT_FOUND" : "FILE_UNREADABLE";
  return new MmelError(kind, { what: `cannot be read (${message})`, where, cause: error });
}
