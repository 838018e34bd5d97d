import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { MmelError } from "../core/index.js";
import { type LineFile, lineFile, writingError } from "./output.js";
import { readLinks } from "./read.js";

/** A links file that can be continued. */
export interface ContinuedLinks extends LineFile {
  /**
   * For each caption in the file, the hash with which it was linked (see `captionHash`); undefined if an earlier version of
   * mmel wrote the links. Each caption takes about 120 bytes of memory.
   */
  readonly hashes: ReadonlyMap<string, string | undefined>;
  /** Whether the file also contains links of an earlier text of a caption (see `arrangeLinks`). */
  readonly outdated: boolean;
}

/**
 * The model and knowledge base that produced the links. One file must not mix links from different models or knowledge
 * bases.
 */
export interface Origin {
  readonly model: string;
  readonly kb: string;
}

/**
 * Opens the JSON Lines output of an interrupted run, or a new file. Removes an incomplete last line and returns the ids
 * of the captions that are done. Throws `RESUME` if the file is compressed, if it contains anything other than links
 * from the same model and knowledge base, or if a caption occurs twice. Throws `FILE_IS_DIRECTORY` if `path` is a
 * folder, and `FILE_UNWRITABLE` if the file cannot be opened or changed for another reason.
 */
export async function continueLinks(path: string, origin: Origin): Promise<ContinuedLinks> {
  if (path.endsWith(".gz")) {
    throw new MmelError("RESUME", {
      what: "a compressed file cannot be continued",
      where: path,
      hint: "Use a file name without `.gz`.",
    });
  }
  const handle = await open(path, "a+").catch((error) => {
    throw writingError(error, path);
  });
  try {
    const end = await lastLineEnd(handle);
    const done = await doneCaptions(path, end, origin);
    if (!(await isTornLine(handle, end))) throw notResumable("its last line does not contain links", path);
    await handle.truncate(end);
    return { ...lineFile(handle, path), ...done };
  } catch (error) {
    await handle.close();
    throw writingError(error, path);
  }
}

async function lastLineEnd(handle: FileHandle): Promise<number> {
  const block = Buffer.alloc(1 << 16);
  let end = (await handle.stat()).size;
  while (end > 0) {
    const start = Math.max(0, end - block.length);
    const { bytesRead } = await handle.read(block, 0, end - start, start);
    const lineFeed = block.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (lineFeed >= 0) return start + lineFeed + 1;
    end = start;
  }
  return 0;
}

/** Returns whether the text after the last line feed is empty or the beginning of a line of links. */
async function isTornLine(handle: FileHandle, end: number): Promise<boolean> {
  const beginning = '{"id":"';
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(beginning.length), 0, beginning.length, end);
  return beginning.startsWith(buffer.toString("utf8", 0, bytesRead));
}

async function doneCaptions(
  path: string,
  end: number,
  origin: Origin,
): Promise<Pick<ContinuedLinks, "hashes" | "outdated">> {
  const hashes = new Map<string, string | undefined>();
  let outdated = false;
  if (end === 0) return { hashes, outdated };
  for await (const read of readLinks(createReadStream(path, { end: end - 1 }), { format: "jsonl" })) {
    if (read.kind === "rejected") throw notResumable(read.error.message, path, read.error);
    const { id, model, kb, captionHash } = read.value;
    if (hashes.has(id)) {
      const earlier = hashes.get(id);
      if (captionHash === undefined || earlier === undefined || captionHash === earlier)
        throw notResumable(`it contains caption "${id}" twice`, path);
      outdated = true;
    }
    if (model !== origin.model)
      throw notResumable(`its links are from model ${model}, not ${origin.model}`, path);
    if (kb !== origin.kb)
      throw notResumable(`its links are from knowledge base ${kb}, not ${origin.kb}`, path);
    hashes.set(id, captionHash);
  }
  return { hashes, outdated };
}

function notResumable(what: string, where: string, cause?: unknown): MmelError {
  return new MmelError("RESUME", {
    what: `this output cannot be continued: ${what}`,
    where,
    expected: "JSON Lines written by `mmel link` with the same model and knowledge base",
    hint: "Use another `--output`, or start over without `--resume`.",
    cause,
  });
}
