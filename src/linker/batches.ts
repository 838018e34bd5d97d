import { type Caption, MmelError, throwIfAborted } from "../core/index.js";

/** Number of captions that closes a batch. */
const CAPTIONS = 32;

/** Number of items, with and without captions, that closes a batch. */
const ITEMS = 1024;

/** Milliseconds to wait for the next caption before a batch closes, so that captions typed into a pipe are answered at once. */
const PATIENCE = 50;

/** What is batched: a caption with whatever belongs to it, or something that keeps its place among captions. */
export interface BatchItem {
  readonly caption?: Caption | undefined;
}

/**
 * Groups items into batches, in order. A batch closes once it has `maxMentions` mentions (its last caption may exceed
 * that) or 32 captions, when the source pauses, and at once while it has no caption. Items that precede an error of the source
 * are yielded before the error is thrown.
 */
export async function* inBatches<Item extends BatchItem>(
  items: AsyncIterable<Item>,
  maxMentions: number,
): AsyncGenerator<readonly Item[]> {
  let batch: Item[] = [];
  let captions = 0;
  let mentions = 0;
  const take = (): readonly Item[] => {
    const taken = batch;
    batch = [];
    captions = 0;
    mentions = 0;
    return taken;
  };
  try {
    for await (const item of withPauses(items)) {
      if (item !== PAUSE) {
        batch.push(item);
        captions += item.caption === undefined ? 0 : 1;
        mentions += item.caption?.mentions.length ?? 0;
      }
      const full = mentions >= maxMentions || captions >= CAPTIONS || batch.length >= ITEMS;
      if (full || (batch.length > 0 && (item === PAUSE || captions === 0))) yield take();
    }
  } catch (error) {
    if (batch.length > 0) yield take();
    throw error;
  }
  if (batch.length > 0) yield take();
}

const PAUSE = Symbol("pause");

/** The same items, with `PAUSE` before each that takes longer than `PATIENCE`. */
async function* withPauses<T>(items: AsyncIterable<T>): AsyncGenerator<T | typeof PAUSE> {
  const iterator = items[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = iterator.next();
      if (await isLate(next)) yield PAUSE;
      const { done, value } = await next;
      if (done === true) return;
      yield value;
    }
  } finally {
    await iterator.return?.();
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

/** The same items, each requested while the consumer works on the one before. Throws `ABORTED`, even while it waits for an item. */
export async function* oneAhead<T>(items: AsyncIterable<T>, signal?: AbortSignal): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  const next = (): Promise<IteratorResult<T>> => {
    const promise = iterator.next();
    promise.catch(() => {}); // reported when it is awaited, or no longer needed
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
