import { once } from "node:events";
import type { Writable } from "node:stream";
import { writingError } from "./errors.js";

/**
 * Writes lines to a stream that stays open, such as standard output, no faster than it takes them. When `lines` fails,
 * what came before is written out all the same. `FILE_UNWRITABLE` when the stream breaks, `EPIPE` as its cause when the
 * reader has gone.
 */
export async function writeLines(
  stream: Writable,
  lines: Iterable<string> | AsyncIterable<string>,
  name = "standard output",
): Promise<void> {
  let broken: unknown;
  const onError = (error: unknown): void => {
    broken ??= error;
  };
  stream.on("error", onError);
  try {
    for await (const line of lines) {
      const free = stream.write(line);
      if (!free && broken === undefined) await once(stream, "drain").catch(onError);
      if (broken !== undefined) break;
    }
  } finally {
    if (broken === undefined) await flushed(stream).catch(onError);
    stream.off("error", onError);
  }
  if (broken !== undefined) throw writingError(broken, name);
}

function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write("", (error) => (error ? reject(error) : resolve()));
  });
}
