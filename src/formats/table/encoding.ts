import { isAscii } from "node:buffer";
import { MmelError } from "../../core/index.js";

/** Encodings that are recognised. A mapping can name any other encoding of the WHATWG list, such as `windows-1250`. */
export type GuessedEncoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252";

/** Number of bytes from which an encoding is guessed, unless the text is shorter. */
export const ENOUGH = 1 << 16;

/**
 * Guesses the encoding of a text from its first bytes: by the byte-order mark, by the zero bytes of UTF-16, or by how
 * many bytes form valid UTF-8. Returns undefined if all bytes are ASCII, because later bytes must then decide.
 */
export function guessEncoding(bytes: Uint8Array): GuessedEncoding | undefined {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  const zeros = zerosIn(bytes.subarray(0, 1000));
  if (zeros !== undefined) return zeros;
  if (isAscii(bytes)) return undefined;
  const beyondAscii = new TextDecoder().decode(bytes, { stream: true }).match(/[^\0-\x7f]/gu) ?? [];
  const damaged = beyondAscii.filter((character) => character === "\ufffd").length;
  if (beyondAscii.length === 0 && bytes.length >= ENOUGH) return undefined; // a character is cut at the end
  return 2 * damaged > beyondAscii.length || beyondAscii.length === 0 ? "windows-1252" : "utf-8";
}

/** Recognises UTF-16 without a byte-order mark: every second byte of Latin text is zero. */
function zerosIn(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  const counts = [0, 0];
  for (const [index, byte] of bytes.entries()) if (byte === 0) counts[index % 2]! += 1;
  const [even, odd] = counts as [number, number];
  const many = bytes.length / 5;
  if (odd > many && even < many / 4) return "utf-16le";
  return even > many && odd < many / 4 ? "utf-16be" : undefined;
}

/**
 * Converts a text to UTF-8. Without `encoding`, the encoding is guessed as soon as a byte is not ASCII. Invalid UTF-8
 * is passed on, so that only its lines are rejected. Throws `ENCODING` for invalid text in another encoding, and
 * `CONFIG` for an unknown encoding.
 */
export async function* toUtf8(
  chunks: AsyncIterable<Uint8Array>,
  encoding: string | undefined,
  file: string,
): AsyncGenerator<Uint8Array> {
  let convert = encoding === undefined ? undefined : converter(encoding, file);
  let undecided: Uint8Array[] = [];
  let size = 0;
  const decide = (): Uint8Array => {
    const bytes = Buffer.concat(undecided);
    undecided = [];
    convert = converter(guessEncoding(bytes) ?? "utf-8", file);
    return convert(bytes);
  };
  for await (const chunk of chunks) {
    if (convert !== undefined) yield convert(chunk);
    else if (undecided.length === 0 && isAscii(chunk)) yield chunk;
    else {
      undecided.push(chunk);
      size += chunk.length;
      if (size >= ENOUGH) yield decide();
    }
  }
  if (undecided.length > 0) yield decide();
  if (convert !== undefined) yield convert();
}

/** Returns a function that converts the next bytes to UTF-8. Without bytes, it checks that the text is complete. */
function converter(encoding: string, file: string): (bytes?: Uint8Array) => Uint8Array {
  const decoder = decoderOf(encoding, file);
  if (decoder.encoding === "utf-8") return (bytes = new Uint8Array()) => bytes;
  return (bytes) => {
    try {
      return Buffer.from(bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true }));
    } catch (cause) {
      throw new MmelError("ENCODING", {
        what: `the file is not valid ${decoder.encoding}`,
        where: file,
        hint: "Save the file as UTF-8, or name its encoding in the mapping with `encoding`.",
        cause,
      });
    }
  };
}

function decoderOf(encoding: string, file: string) {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch (cause) {
    throw new MmelError("CONFIG", {
      what: `the encoding ${JSON.stringify(encoding)} is unknown`,
      where: file,
      expected: "a name such as utf-8, utf-16le, windows-1252 or iso-8859-2",
      cause,
    });
  }
}
