import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { MmelError, type OffsetUnit, throwIfAborted } from "../../core/index.js";

/** What a submission is besides the bytes of its file. How workers link it does not make it another one. */
export interface Identity {
  readonly format: "jsonl" | "csv";
  readonly offsets: OffsetUnit;
  /** Tells apart two submissions of the same file. */
  readonly label?: string | undefined;
}

/** The id of a submission: the same for the same bytes, format, offsets and label, whenever and wherever it is made. */
export async function fingerprint(
  path: string,
  { format, offsets, label = "" }: Identity,
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash("sha256").update(`${JSON.stringify(["mmel 1", format, offsets, label])}\n`);
  try {
    for await (const bytes of createReadStream(path, { highWaterMark: 1 << 18 })) {
      throwIfAborted(signal);
      hash.update(bytes as Uint8Array);
    }
  } catch (error) {
    throw readingError(error, path);
  }
  return hash.digest("hex").slice(0, 16);
}

function readingError(error: unknown, where: string): unknown {
  if (error instanceof MmelError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === "ENOENT")
    return new MmelError("FILE_NOT_FOUND", { what: "no such file", where, cause: error });
  if (code === "EISDIR")
    return new MmelError("FILE_IS_DIRECTORY", { what: "this is a folder", where, expected: "a file" });
  return new MmelError("FILE_UNREADABLE", { what: `cannot be read (${message})`, where, cause: error });
}
