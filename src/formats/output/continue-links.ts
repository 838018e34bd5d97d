import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { MmelError } from "../../core/index.js";
import { readLinks } from "../read-links.js";
import { writingError } from "./errors.js";
import { type LineFile, lineFile } from "./line-file.js";

/** A links file to go on with. */
export interface ContinuedLinks extends LineFile {
  /** Captions whose links it holds already; some 60 bytes an id. */
  readonly ids: ReadonlySet<string>;
}

/** Who made the links: `--resume` must not mix two models or knowledge bases in one file. */
export interface Origin {
  readonly model: string;
  readonly kb: string;
}

/**
 * Opens the JSON Lines output of a run that was cut off, or a new file: cuts off a torn last line and says which captions
 * are done. Written on from there, each caption stands in it exactly once. `RESUME` when the file holds something else,
 * or links of another model or knowledge base.
 */
export async function continueLinks(path: string, origin: Origin): Promise<ContinuedLinks> {
  if (path.endsWith(".gz")) {
    throw new MmelError("RESUME", {
      what: "a packed file cannot be continued",
      where: path,
      hint: "a name without .gz",
    });
  }
  const handle = await open(path, "a+").catch((error) => {
    throw writingError(error, path);
  });
  try {
    const end = await lastLineEnd(handle);
    const ids = await doneIds(path, end, origin);
    if (!(await isTornLine(handle, end))) throw foreign("its last line is none of links", path);
    await handle.truncate(end);
    return { ...lineFile(handle, path), ids };
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

/** Whether what follows the last line feed is the beginning of a line of ours, or nothing. */
async function isTornLine(handle: FileHandle, end: number): Promise<boolean> {
  const beginning = '{"id":"';
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(beginning.length), 0, beginning.length, end);
  return beginning.startsWith(buffer.toString("utf8", 0, bytesRead));
}

async function doneIds(path: string, end: number, origin: Origin): Promise<Set<string>> {
  const ids = new Set<string>();
  if (end === 0) return ids;
  for await (const read of readLinks(createReadStream(path, { end: end - 1 }), { format: "jsonl" })) {
    if (read.kind === "rejected") throw foreign(read.error.message, path, read.error);
    const { id, model, kb } = read.value;
    if (ids.has(id)) throw foreign(`caption "${id}" is in it twice`, path);
    if (model !== origin.model)
      throw foreign(`its links come from model ${model}, not ${origin.model}`, path);
    if (kb !== origin.kb) throw foreign(`its links come from knowledge base ${kb}, not ${origin.kb}`, path);
    ids.add(id);
  }
  return ids;
}

function foreign(what: string, where: string, cause?: unknown): MmelError {
  return new MmelError("RESUME", {
    what: `this output cannot be continued: ${what}`,
    where,
    expected: "JSON Lines that mmel link wrote with the same model and knowledge base",
    hint: "another --output, or no --resume to start over",
    cause,
  });
}
