import { type Entry, fromBufferPromise } from "yauzl";
import { MmelError, throwIfAborted } from "../../../core/index.js";

/** Maximum sizes in bytes of an Excel file, and of one of its parts when unpacked. */
const MAX_FILE = 128 << 20;
const MAX_PART = 1 << 30;
const MAX_PARTS = 10_000;

/** The parts of an Excel file, which is a ZIP archive. */
export interface Archive {
  readonly has: (part: string) => boolean;
  /** Yields the text of a part; nothing if the archive does not contain the part. */
  readonly text: (part: string) => AsyncIterable<string>;
}

/**
 * Opens a ZIP archive. Throws `FORMAT` if it is damaged or encrypted, larger than 128 MiB, or has more than 10,000
 * parts; `Archive.text` also if a part is larger than 1 GiB.
 */
export async function openArchive(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  signal: AbortSignal | undefined,
): Promise<Archive> {
  const bytes = await gathered(chunks, file);
  try {
    const zip = await fromBufferPromise(bytes, { lazyEntries: true, autoClose: false });
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) {
      throwIfAborted(signal);
      if (entries.size >= MAX_PARTS) throw unreadable(file, `it has more than ${MAX_PARTS} parts`);
      if (!entries.has(entry.fileName)) entries.set(entry.fileName, entry);
    }
    return {
      has: (part) => entries.has(part),
      async *text(part) {
        const entry = entries.get(part);
        if (entry === undefined) return;
        if (entry.uncompressedSize > MAX_PART) throw tooLarge(file, `${part} is`, MAX_PART);
        if (entry.isEncrypted()) throw unreadable(file, "it is encrypted");
        const decoder = new TextDecoder(undefined, { fatal: true });
        try {
          const stream = await zip.openReadStreamPromise(entry);
          for await (const chunk of stream) {
            throwIfAborted(signal);
            yield decoder.decode(chunk as Uint8Array, { stream: true });
          }
          decoder.decode();
        } catch (error) {
          throw unreadable(file, (error as Error).message, error);
        }
      },
    };
  } catch (error) {
    throw unreadable(file, (error as Error).message, error);
  }
}

async function gathered(chunks: AsyncIterable<Uint8Array>, file: string): Promise<Buffer> {
  const all: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAX_FILE) throw tooLarge(file, "the Excel file is", MAX_FILE);
    all.push(chunk);
  }
  return Buffer.concat(all);
}

const tooLarge = (file: string, what: string, limit: number): MmelError =>
  new MmelError("FORMAT", {
    what: `${what} too large`,
    where: file,
    expected: `at most ${limit >> 20} MiB`,
    hint: "Save the sheet as CSV.",
  });

/** Returns an `MmelError` unchanged, and converts any other error. */
export function unreadable(file: string, why: string, cause?: unknown): MmelError {
  if (cause instanceof MmelError) return cause;
  return new MmelError("FORMAT", {
    what: `the Excel file cannot be read (${why})`,
    where: file,
    expected: "a file in the format .xlsx",
    hint: "Open the file in Excel or LibreOffice and save it again as .xlsx or CSV.",
    cause,
  });
}
