import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { MmelError } from "../core/index.js";
import { linesOf } from "./lines.js";
import { bytesOf, readingError } from "./source.js";
import { linksSchema, parseWire, type WireLinks } from "./wire.js";

/** Maximum length of a line of links, in bytes. */
const MAX_LINE = 16 << 20;

/** The links of captions in a JSON Lines file, found by the id of the caption. */
export interface LinksIndex extends AsyncDisposable {
  /** Number of captions with links in the file. */
  readonly size: number;
  /** Returns the links of a caption, or undefined if the file has none. Throws `FORMAT` if the line is invalid. */
  read(id: string): Promise<WireLinks | undefined>;
}

/**
 * Opens a links file in JSON Lines. Keeps the position of each line in memory; of a compressed file, the lines. If a
 * caption occurs twice, its last line counts. Throws `FORMAT` if a line is not JSON with an id, and the errors of
 * `bytesOf`.
 */
export async function openLinksIndex(path: string): Promise<LinksIndex> {
  if (path.endsWith(".gz")) {
    const texts = new Map<string, string>();
    for await (const { id, text } of linesWithId(bytesOf(path), path)) texts.set(id, text);
    return {
      size: texts.size,
      read: async (id) => linksIn(texts.get(id), path),
      [Symbol.asyncDispose]: async () => {},
    };
  }
  const file = await open(path).catch((error: unknown) => {
    throw readingError(error, path);
  });
  try {
    const places = new Map<string, Place>();
    for await (const { id, place } of placesOf(file, path)) places.set(id, place);
    return {
      size: places.size,
      read: async (id) => {
        const place = places.get(id);
        return linksIn(place && (await textAt(file, place)), path);
      },
      [Symbol.asyncDispose]: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function linksIn(text: string | undefined, path: string): WireLinks | undefined {
  if (text === undefined) return undefined;
  try {
    return parseWire(linksSchema, JSON.parse(text), "FORMAT");
  } catch (error) {
    throw error instanceof MmelError ? new MmelError(error.code, { ...error.detail, where: path }) : error;
  }
}

/** The bytes of a line in a file, with the line feed. */
export interface Place {
  readonly start: number;
  readonly length: number;
}

export async function textAt(file: FileHandle, { start, length }: Place): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
  return buffer.toString("utf8", 0, bytesRead);
}

/** Yields the places of the lines of an open links file, with the id and the hash of their captions. */
export async function* placesOf(file: FileHandle, path: string) {
  const first = await textAt(file, { start: 0, length: Buffer.byteLength(MARK) });
  const bytes = createReadStream(path, { highWaterMark: 1 << 18 });
  yield* linesWithId(bytes, path, first === MARK ? Buffer.byteLength(MARK) : 0);
}

const MARK = "\ufeff";

async function* linesWithId(bytes: AsyncIterable<Uint8Array>, path: string, from = 0) {
  let start = from;
  for await (const line of linesOf(bytes, MAX_LINE, path)) {
    if (line.kind === "bad") throw line.error;
    const { text } = line;
    const place: Place = { start, length: Buffer.byteLength(text) + 1 };
    start += place.length;
    if (text.trim() !== "") yield { ...captionIn(text, `${path}, line ${line.line}`), text, place };
  }
}

/** Returns the id and the hash of the caption to which a line of links belongs. */
function captionIn(text: string, where: string): { id: string; hash: string | undefined } {
  try {
    const { id, captionHash: hash } = JSON.parse(text) as { id: unknown; captionHash?: string };
    if (typeof id === "string") return { id, hash };
  } catch {
    // reported below
  }
  throw new MmelError("FORMAT", {
    what: "the line does not contain links",
    where,
    expected: "JSON Lines as `mmel link` writes them",
  });
}
