import type { Caption } from "../core/index.js";
import { unlessAborted } from "../core/signals.js";

/** Maximum number of captions in a batch. */
const CAPTIONS = 32;

/** Maximum number of items in a batch, with or without captions. */
const ITEMS = 1024;

/**
 * Milliseconds to wait for the next item before a batch closes, so that captions that arrive one at a time are linked
 * promptly.
 */
const PATIENCE = 50;

/** An item to batch. Items without a caption, such as errors, are passed through in order. */
export interface BatchItem {
  readonly caption?: Caption | undefined;
}

/**
 * Groups items into batches, in order. A batch closes when it has at least `maxMentions` mentions, 32 captions or 1,024
 * items, or when the source pauses. An item without a caption at the start of a batch forms a batch of its own. If the
 * source throws, yields the items before the error and then rethrows the error.
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

/** Yields `items` unchanged, with `PAUSE` before each item that takes longer than `PATIENCE` to arrive. */
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

/**
 * Yields `items` unchanged, and requests the next item while the consumer processes the current one. Throws `ABORTED`
 * if the signal fires, even while waiting for an item.
 */
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
