import { type Caption, MmelError, throwIfAborted } from "../core/index.js";

/** Most captions in a batch. */
const CAPTIONS = 32;

/** Milliseconds that a batch waits for its next caption: who writes into a pipe by hand is answered, and files fill batches. */
const PATIENCE = 50;

/**
 * Captions in batches, in order. A batch closes when it has `maxMentions`, of which one caption may bring more as its last, or when
 * the source makes it wait. Captions that came before an error of the source come out before it is thrown.
 */
export async function* inBatches(
  captions: Iterable<Caption> | AsyncIterable<Caption>,
  maxMentions: number,
): AsyncGenerator<readonly Caption[]> {
  let batch: Caption[] = [];
  let mentions = 0;
  const take = (): readonly Caption[] => {
    const taken = batch;
    batch = [];
    mentions = 0;
    return taken;
  };
  try {
    for await (const caption of withPauses(captions)) {
      if (caption !== PAUSE) {
        batch.push(caption);
        mentions += caption.mentions.length;
      }
      const full = mentions >= maxMentions || batch.length >= CAPTIONS;
      if (full || (caption === PAUSE && batch.length > 0)) yield take();
    }
  } catch (error) {
    if (batch.length > 0) yield take();
    throw error;
  }
  if (batch.length > 0) yield take();
}

const PAUSE = Symbol("pause");

/** The same items, and `PAUSE` before each that does not come within `PATIENCE`. */
async function* withPauses<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T | typeof PAUSE> {
  const iterator = (async function* () {
    yield* items;
  })();
  try {
    for (;;) {
      const next = iterator.next();
      if (await isLate(next)) yield PAUSE;
      const { done, value } = await next;
      if (done === true) return;
      yield value;
    }
  } finally {
    await iterator.return();
  }
}

async function isLate(promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, PATIENCE, true);
  });
  const settled = promise.then(
    () => false,
    () => false, // reported where it is awaited
  );
  return Promise.race([settled, patience]).finally(() => clearTimeout(timer));
}

/** The same items; while the consumer works on one, the next is being made. `ABORTED`, also while waiting for one. */
export async function* oneAhead<T>(items: AsyncIterable<T>, signal?: AbortSignal): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  const next = (): Promise<IteratorResult<T>> => {
    const promise = iterator.next();
    promise.catch(() => {}); // reported when it is awaited, or not wanted any more
    return promise;
  };
  let pending = next();
  try {
    for (;;) {
      const { done, value } = await unlessAborted(pending, signal);
      if (done === true) return;
      pending = next();
      yield value;
    }
  } finally {
    const closed = iterator.return?.().catch(() => {});
    if (!signal?.aborted) await closed;
  }
}

async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  throwIfAborted(signal);
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new MmelError("ABORTED", { what: "interrupted", cause: signal.reason }));
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
