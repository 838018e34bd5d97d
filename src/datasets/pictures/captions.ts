import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Caption, type ErrorCode, MmelError, throwIfAborted } from "../../core/index.js";
import {
  captionFromWire,
  captionSchema,
  locateNames,
  parseWire,
  type Read,
  type WireCaption,
} from "../../formats/index.js";
import { findPictures } from "./find-pictures.js";
import { type PictureText, readPictureText } from "./metadata.js";
import type { Fields } from "./read-metadata.js";
import { hasLinkedPeople } from "./sidecar.js";
import { readSidecarText, sidecarFields } from "./sidecar-file.js";

export interface PictureCaptionOptions {
  /** The preferred language of descriptions (BCP 47). */
  readonly language?: string;
  /** Maximum size of a picture in bytes. Default: 64 MiB. */
  readonly maxBytes?: number;
  readonly signal?: AbortSignal;
}

/**
 * Reads a caption for each picture in a folder and its subfolders, from the picture's metadata and the sidecars next to
 * it (`photo.jpg.xmp` and `photo.xmp`). The text is the description; without a description, the headline; without both,
 * the names of the people shown. The mentions are the people shown, with spans if the text contains their names. `id`
 * and `image` are both the path of the picture inside the folder. Files that are damaged, are too large, have no text
 * or are not pictures are yielded as rejects, and so are symbolic links and devices. Their `line` is the sequence
 * number of the file. A sidecar that cannot be read is yielded as a reject with the `line` of its picture, and the
 * caption is read without it. Keeps one picture at a time in memory.
 */
export async function* pictureCaptions(
  folder: string,
  options: PictureCaptionOptions = {},
): AsyncGenerator<Read<Caption>> {
  let line = 0;
  for await (const found of findPictures(folder, options.signal)) {
    throwIfAborted(options.signal);
    line++;
    const rejected = (path: string, error: unknown): Read<never> => ({
      kind: "rejected",
      line,
      id: path,
      error: located(error, path),
      excerpt: "",
    });
    if (found.kind === "refused") {
      yield rejected(found.path, found.error);
      continue;
    }
    const sidecars: Fields[] = [];
    for (const path of found.sidecars) {
      try {
        sidecars.push(await readSidecar(join(folder, path)));
      } catch (error) {
        yield rejected(path, error);
      }
    }
    try {
      yield {
        kind: "record",
        line,
        value: await captionOf(join(folder, found.path), found.path, sidecars, options),
      };
    } catch (error) {
      yield rejected(found.path, error);
    }
  }
}

const readSidecar = async (path: string): Promise<Fields> => shownFields((await readSidecarText(path)) ?? "");

/**
 * Returns the fields in the text of a sidecar, without the people that `mmel dataset sidecar` wrote: earlier links must
 * not become the mentions of the next run.
 */
async function shownFields(text: string): Promise<Fields> {
  const { PersonInImageWDetails, ...others } = await sidecarFields(text);
  return hasLinkedPeople(text) ? others : { PersonInImageWDetails, ...others };
}

/** The caption of a picture, if it has one, and what is wrong with the picture or its sidecars. */
export interface PictureCaption {
  readonly caption?: Caption;
  readonly problems: readonly MmelError[];
}

/**
 * Reads the caption of a picture as `pictureCaptions` does. `path` becomes its `id` and `image`; `sidecars` are the
 * texts of the picture's sidecars, in order of precedence.
 */
export async function pictureCaption(
  file: string,
  {
    path,
    sidecars,
    ...options
  }: Pick<PictureCaptionOptions, "language" | "maxBytes"> & {
    readonly path: string;
    readonly sidecars: readonly string[];
  },
): Promise<PictureCaption> {
  const fields: Fields[] = [];
  const problems: MmelError[] = [];
  for (const text of sidecars) {
    try {
      fields.push(await shownFields(text));
    } catch (error) {
      problems.push(located(error, path));
    }
  }
  try {
    return { caption: await captionOf(file, path, fields, options), problems };
  } catch (error) {
    return { problems: [...problems, located(error, path)] };
  }
}

async function captionOf(
  file: string,
  path: string,
  sidecars: readonly Fields[],
  { maxBytes = 64 << 20, language }: PictureCaptionOptions,
): Promise<Caption> {
  const bytes = await readBounded(file, maxBytes);
  const wire = wireOf(path, await readPictureText(bytes, { language, sidecars }));
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
  const text = description ?? headline ?? persons.join(", ");
  if (text === "")
    throw new MmelError("CAPTION_INVALID", {
      what: "the picture has no description, no headline and no names of people",
      expected:
        "a description, a headline or a person's name in XMP, IPTC, EXIF or a sidecar; text added by the camera does not count",
    });
  const spans = locateNames(text, persons);
  const mentions = persons.map((name, index) => ({ text: name, ...spans[index], type: "person" }));
  return {
    id: path,
    text,
    image: path,
    ...(language !== undefined && { language }),
    mentions: mentions.sort((a, b) => (a.start ?? text.length) - (b.start ?? text.length)),
  };
}

/** Converts an error to an `MmelError` that contains `where`, the path of the picture or sidecar. */
function located(error: unknown, where: string): MmelError {
  if (error instanceof MmelError) return new MmelError(error.code, { ...error.detail, where });
  const { code, message } = error as NodeJS.ErrnoException;
  const kind: ErrorCode = code === "ENOENT" ? "FILE_NOT_FOUND" : "FILE_UNREADABLE";
  return new MmelError(kind, { what: `the picture cannot be read (${message})`, where, cause: error });
}
