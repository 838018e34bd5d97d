import { MmelError } from "../core/index.js";

/** One line of a file without its line feed. A carriage return before the line feed is kept. */
export type Line =
  | { readonly kind: "line"; readonly line: number; readonly text: string }
  | { readonly kind: "bad"; readonly line: number; readonly error: MmelError; readonly excerpt: string };

const LINE_FEED = 0x0a;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Splits UTF-8 bytes into lines and numbers the lines from 1. Drops a byte-order mark. Keeps at most `limit` bytes of a
 * line in memory. A line that is longer (`LINE_TOO_LONG`) or not UTF-8 (`ENCODING`) is yielded with the kind `bad`, and
 * reading continues with the next line. Throws `ENCODING` if the file begins with a UTF-16 byte-order mark.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
  file: string,
): AsyncGenerator<Line> {
  let pieces: Uint8Array[] = [];
  let size = 0;
  let line = 1;
  const add = (piece: Uint8Array): void => {
    if (size <= limit) pieces.push(piece.subarray(0, limit + 1 - size));
    size += piece.length;
  };
  const take = (): Line => {
    const taken = lineOf(pieces, size, line++, limit, file);
    pieces = [];
    size = 0;
    return taken;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
      add(chunk.subarray(from, end));
      from = end + 1;
      yield take();
    }
    if (from < chunk.length) add(chunk.subarray(from));
  }
  if (size > 0) yield take();
}

function lineOf(pieces: Uint8Array[], size: number, line: number, limit: number, file: string): Line {
  const bytes = withoutMark(Buffer.concat(pieces), line, file);
  const where = `${file}, line ${line}`;
  if (size > limit) {
    const error = new MmelError("LINE_TOO_LONG", {
      what: `the line is too long: ${size.toLocaleString("en")} bytes`,
      where,
      expected: `at most ${limit.toLocaleString("en")} bytes`,
    });
    return { kind: "bad", line, error, excerpt: excerptOf(bytes.toString("utf8", 0, 1000)) };
  }
  try {
    return { kind: "line", line, text: decoder.decode(bytes) };
  } catch (cause) {
    const error = new MmelError("ENCODING", {
      what: "the line is not UTF-8",
      where,
      expected: "UTF-8 text",
      hint: "Convert the file to UTF-8 with `iconv -f ENCODING -t utf-8`.",
      cause,
    });
    return { kind: "bad", line, error, excerpt: excerptOf(bytes.toString("utf8", 0, 1000)) };
  }
}

function withoutMark(bytes: Buffer, line: number, file: string): Buffer {
  if (line > 1) return bytes;
  const mark = bytes.toString("hex", 0, 3);
  if (mark.startsWith("fffe") || mark.startsWith("feff")) {
    throw new MmelError("ENCODING", {
      what: "the file is UTF-16",
      where: file,
      expected: "UTF-8",
      hint: "Convert the file to UTF-8 with `iconv -f utf-16 -t utf-8`.",
    });
  }
  return mark === "efbbbf" ? bytes.subarray(3) : bytes;
}

/** Returns a text, cut after 200 code units. */
export function excerptOf(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200).replace(/\p{Surrogate}$/u, "")}…` : text;
}
