import { MmelError } from "../core/index.js";
import { bytesOf, nameOfSource, type Source } from "./source.js";

/**
 * The one JSON value of a file, plain or gzip. For configurations and published data sets of a few megabytes; what may
 * be large is read line by line. `FORMAT` when it is longer than `maxBytes` or not JSON, `ENCODING` when not UTF-8.
 */
export async function readJson(source: Source, maxBytes = 256 << 20): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  const where = nameOfSource(source);
  let size = 0;
  for await (const chunk of bytesOf(source)) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new MmelError("FORMAT", {
        what: "the file is too long for JSON read whole",
        where,
        expected: `at most ${maxBytes} bytes`,
      });
    }
    chunks.push(chunk);
  }
  const text = decoded(Buffer.concat(chunks), where);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new MmelError("FORMAT", {
      what: `the file is not JSON (${(cause as Error).message})`,
      where,
      cause,
    });
  }
}

function decoded(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new MmelError("ENCODING", { what: "the file is not UTF-8", where, cause });
  }
}
