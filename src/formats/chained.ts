/** Yields the values of an array and then those of an iterator, which is closed at the end. */
export async function* chained<T>(first: readonly T[], rest: AsyncIterator<T>): AsyncGenerator<T> {
  try {
    yield* first;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** Reads at least `size` bytes, or all if there are fewer. Returns them together with an iterable of all bytes. */
export async function withStart(
  chunks: AsyncIterator<Uint8Array>,
  size: number,
): Promise<{ readonly start: Buffer; readonly all: AsyncGenerator<Uint8Array> }> {
  const first: Uint8Array[] = [];
  for (let read = 0; read < size; ) {
    const { done, value } = await chunks.next();
    if (done) break;
    first.push(value);
    read += value.length;
  }
  const start = Buffer.concat(first);
  return { start, all: chained(start.length === 0 ? [] : [start], chunks) };
}
