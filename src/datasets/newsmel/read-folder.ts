import { readdir, readFile, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { type Caption, MmelError, throwIfAborted } from "../../core/index.js";
import {
  captionFromWire,
  captionSchema,
  parseWire,
  type Read,
  readCaptions,
  readingError,
  uncompressedName,
} from "../../formats/index.js";

const CAPTION_FILE = /\.(?:jsonl|csv)$/iu;
const PICTURE = /\.(?:jpe?g|png|webp|gif|avif|tiff?|bmp|svg)$/iu;
const TEXT = /\.txt$/iu;

/** Maximum length of a text file in bytes. */
const MAX_TEXT = 1 << 20;

export interface FolderOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/**
 * Reads a caption file or a folder. In a folder, including its subfolders, first reads the caption files (JSON Lines
 * and CSV, also `.gz`), sorted by path. Then reads each `NAME.txt` as one caption; its picture is the file with the
 * same path but a picture extension, if there is one. Invalid records are yielded as rejects, and so are records whose
 * id has already occurred. Throws `FILE_NOT_FOUND` if the path does not exist, `FILE_UNREADABLE` if it cannot be
 * accessed, and `FORMAT` if the folder contains no captions.
 */
export async function* readCaptionFolder(
  path: string,
  options: FolderOptions = {},
): AsyncGenerator<Read<Caption>> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "ENOENT") throw readingError(cause, path);
    throw new MmelError("FILE_NOT_FOUND", { what: "the file or folder does not exist", where: path, cause });
  });
  if (!found.isDirectory()) return yield* fileCaptions(path, options);
  const files = await filesOf(path);
  const captions = files.filter((file) => CAPTION_FILE.test(uncompressedName(file)));
  const texts = files.filter((file) => TEXT.test(file));
  if (captions.length + texts.length === 0)
    throw new MmelError("FORMAT", {
      what: "the folder contains no captions",
      where: path,
      expected: "captions in .jsonl or .csv files, or a .txt file next to each picture",
    });
  const seen = new Set<string>();
  for (const file of captions)
    yield* withoutDuplicates(fileCaptions(join(path, file), options), seen, join(path, file));
  const pictures = new Map(files.filter((file) => PICTURE.test(file)).map((file) => [stem(file), file]));
  for (const [index, file] of texts.entries()) {
    throwIfAborted(options.signal);
    yield* withoutDuplicates(
      textCaption(path, file, pictures.get(stem(file)), index + 1),
      seen,
      join(path, file),
    );
  }
}

const fileCaptions = (path: string, { signal, onWarning }: FolderOptions): AsyncGenerator<Read<Caption>> =>
  readCaptions(path, {
    ...(signal !== undefined && { signal }),
    ...(onWarning !== undefined && { onWarning }),
  });

/**
 * Returns the sorted paths of everything in the folder (files, and subfolders with their contents), with `/` as the
 * separator.
 */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.map((entry) => entry.replaceAll("\\", "/")).sort();
}

const stem = (file: string): string => file.slice(0, file.length - extname(file).length);

async function* textCaption(
  folder: string,
  file: string,
  image: string | undefined,
  line: number,
): AsyncGenerator<Read<Caption>> {
  const path = join(folder, file);
  const reject = (error: MmelError): Read<Caption> => ({
    kind: "rejected",
    line,
    id: stem(file),
    error,
    excerpt: "",
  });
  try {
    const { size } = await stat(path);
    if (size > MAX_TEXT) {
      const detail = {
        what: `the text is too long: ${size} bytes`,
        where: path,
        expected: `at most ${MAX_TEXT} bytes`,
      };
      return yield reject(new MmelError("LINE_TOO_LONG", detail));
    }
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
    const wire = { id: stem(file), text: text.trim().replace(/\s*\n\s*/gu, " "), ...(image && { image }) };
    yield { kind: "record", line, value: captionFromWire(parseWire(captionSchema, wire, "CAPTION_INVALID")) };
  } catch (cause) {
    if (cause instanceof MmelError)
      return yield reject(new MmelError(cause.code, { ...cause.detail, where: path }));
    const encoding = cause instanceof TypeError;
    const what = encoding ? "the text is not UTF-8" : `the file cannot be read (${(cause as Error).message})`;
    yield reject(new MmelError(encoding ? "ENCODING" : "FILE_UNREADABLE", { what, where: path, cause }));
  }
}

/** Yields all records, but rejects each record whose id has already occurred. */
async function* withoutDuplicates(
  reads: AsyncIterable<Read<Caption>>,
  seen: Set<string>,
  where: string,
): AsyncGenerator<Read<Caption>> {
  for await (const read of reads) {
    if (read.kind === "record" && seen.has(read.value.id)) {
      const { id } = read.value;
      const what = `caption id "${id}" is repeated; the first caption is kept`;
      const error = new MmelError("DUPLICATE_ID", { what, where: `${where}, line ${read.line}` });
      yield { kind: "rejected", line: read.line, id, error, excerpt: read.value.text.slice(0, 200) };
    } else {
      if (read.kind === "record") seen.add(read.value.id);
      yield read;
    }
  }
}
