import { MmelError } from "../core/index.js";

export interface ReceiveLimits {
  /** Maximum seconds to wait for the next chunk. */
  readonly seconds: number;
  /** Minimum bytes that must arrive per minute of waiting. */
  readonly bytesPerMinute: number;
  readonly closing: AbortSignal;
}

/**
 * Yields the chunks unchanged. Throws `TIMEOUT` if the next chunk does not arrive within `seconds` or the chunks arrive
 * too slowly, and `BUSY` if `closing` aborts before the next chunk arrives. The time in which no chunk is requested does
 * not count.
 */
export async function* withReceiveLimits(
  chunks: AsyncIterable<Uint8Array>,
  { seconds, bytesPerMinute, closing }: ReceiveLimits,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let waited = 0;
  let received = 0;
  for (;;) {
    const start = performance.now();
    const { done, value } = await withTimeout(iterator.next(), seconds, closing);
    if (done) return;
    waited += performance.now() - start;
    received += value.length;
    if (waited >= MINUTE) {
      if (received < bytesPerMinute)
        throw new MmelError("TIMEOUT", {
          what: `only ${received} bytes of the stream were received in a minute`,
          expected: `at least ${bytesPerMinute} bytes a minute`,
        });
      waited = received = 0;
    }
    yield value;
  }
}

const MINUTE = 60_000;

async function withTimeout<T>(promise: Promise<T>, seconds: number, closing: AbortSignal): Promise<T> {
  let cleanUp = (): void => {};
  const interrupted = new Promise<never>((_, reject) => {
    const onTimeout = (): void =>
      reject(new MmelError("TIMEOUT", { what: `no data received for ${seconds} seconds` }));
    const onClose = (): void => reject(new MmelError("BUSY", { what: "the service is shutting down" }));
    const timer = setTimeout(onTimeout, seconds * 1000);
    if (closing.aborted) onClose();
    closing.addEventListener("abort", onClose, { once: true });
    cleanUp = () => {
      clearTimeout(timer);
      closing.removeEventListener("abort", onClose);
    };
  });
  try {
    return await Promise.race([promise, interrupted]);
  } finally {
    cleanUp();
  }
}
