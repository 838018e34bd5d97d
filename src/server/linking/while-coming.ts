import { MmelError } from "../../core/index.js";

/** The same chunks; `TIMEOUT` when one is waited for longer than `seconds`, `BUSY` when `closing` fires meanwhile. */
export async function* whileComing(
  chunks: AsyncIterable<Uint8Array>,
  seconds: number,
  closing: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  for (;;) {
    const { done, value } = await unless(iterator.next(), seconds, closing);
    if (done) return;
    yield value;
  }
}

async function unless<T>(promise: Promise<T>, seconds: number, closing: AbortSignal): Promise<T> {
  let end = (): void => {};
  const ended = new Promise<never>((_, reject) => {
    const late = (): void =>
      reject(new MmelError("TIMEOUT", { what: `nothing came for ${seconds} seconds` }));
    const close = (): void => reject(new MmelError("BUSY", { what: "the service is shutting down" }));
    const timer = setTimeout(late, seconds * 1000);
    if (closing.aborted) close();
    closing.addEventListener("abort", close, { once: true });
    end = () => {
      clearTimeout(timer);
      closing.removeEventListener("abort", close);
    };
  });
  try {
    return await Promise.race([promise, ended]);
  } finally {
    end();
  }
}
