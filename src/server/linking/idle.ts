import { MmelError } from "../../core/index.js";

/** The same chunks; `TIMEOUT` when one is waited for longer than `seconds`. */
export async function* unlessIdle(
  chunks: AsyncIterable<Uint8Array>,
  seconds: number,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await within(iterator.next(), seconds);
    if (done) return;
    yield value;
  }
}

async function within<T>(promise: Promise<T>, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new MmelError("TIMEOUT", { what: `nothing came for ${seconds} seconds` })),
      seconds * 1000,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
