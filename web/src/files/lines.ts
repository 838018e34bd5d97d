/** Returns the lines of a stream of UTF-8 text, without a byte-order mark. Keeps only one piece of it in memory. */
export async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const lines = (rest + read.value).split("\n");
      rest = lines.pop()!;
      yield* lines;
    }
    if (rest !== "") yield rest;
  } finally {
    await reader.cancel();
  }
}

/** Returns the lines of a file, which may be compressed with gzip. */
export function fileLines(file: File): AsyncGenerator<string> {
  const stream = file.stream();
  return linesOf(file.name.endsWith(".gz") ? stream.pipeThrough(new DecompressionStream("gzip")) : stream);
}
