import { type Caption, type CaptionLinks, counted, MmelError } from "../core/index.js";
import type { CallOptions, Linker } from "../linker/index.js";

/** Callbacks of a queue: for metrics, and for the capacity that it shares with other queues. */
export interface QueueEvents {
  /** Called after each round of linking, with the number of captions linked and the duration in seconds. */
  readonly onRound?: (captions: number, seconds: number) => void;
  /** Returns the number of captions in other queues that share this queue's capacity. */
  readonly elsewhere?: () => number;
}

export interface QueueOptions {
  readonly signal: AbortSignal;
  /**
   * Whether to skip the capacity check. Streams set this option, since each stream limits how many of its captions are
   * in progress.
   */
  readonly reserved?: boolean;
}

/**
 * A queue for the captions of all requests. One linker links them in batches, and a batch may contain captions from
 * several requests.
 */
export interface LinkQueue {
  /**
   * Links a caption. Throws `BUSY` immediately if the queue is full or closing. Throws the linker's error if this
   * caption cannot be linked. If the signal aborts, throws its reason, or `ABORTED` if the reason is not an
   * `MmelError`.
   */
  link(caption: Caption, options: CallOptions, queueOptions: QueueOptions): Promise<CaptionLinks>;
  /** Throws `BUSY` if the queue is closing or has no room for `captions` more captions. */
  admit(captions: number): void;
  /** Returns the number of captions that are waiting or being linked. */
  readonly depth: () => number;
  /**
   * Returns the estimated time to link all captions in the queue, in seconds, limited to the range 1 to 60. Callers
   * should retry after this time.
   */
  readonly retryAfter: () => number;
  /** Stops accepting captions and waits until all accepted captions are linked. */
  close(): Promise<void>;
}

/** A caption in the queue. */
interface Job {
  readonly caption: Caption;
  readonly options: CallOptions;
  /** The caption's options as a string. Captions with equal keys may be linked in one batch. */
  readonly key: string;
  /** Whether to link the caption in a batch of its own, because a batch that contained the caption failed. */
  isolated: boolean;
  /**
   * Whether the caption's signal has aborted, for example because the caller disconnected or the time limit was
   * reached.
   */
  canceled: boolean;
  readonly resolve: (links: CaptionLinks) => void;
  readonly reject: (error: unknown) => void;
}

const keyOf = ({ topK, collaborative, strictTypes, detect, explain }: CallOptions): string =>
  JSON.stringify([topK, collaborative, strictTypes, detect, explain]);

/**
 * Creates a queue of at most `capacity` captions; captions with `reserved` are accepted even if it is full. An idle
 * queue links a new caption immediately. A caption that arrives during a round joins the round if its options match and
 * the round has not run out of captions; otherwise it waits for the next round. This way, concurrent requests share
 * batches.
 */
export function createLinkQueue(
  linker: Linker,
  capacity: number,
  { onRound, elsewhere = () => 0 }: QueueEvents = {},
): LinkQueue {
  const waiting: Job[] = [];
  const running: Job[] = [];
  let closing = false;
  let working: Promise<void> | undefined;
  let rate = 10; // captions per second, a moving average

  const depth = (): number => waiting.length + running.length;
  const retryAfter = (): number => Math.min(60, Math.max(1, Math.ceil(depth() / rate)));

  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const start = performance.now();
      const linked = await linkRound(linker, waiting, running);
      const seconds = (performance.now() - start) / 1000;
      if (linked > 0) rate = 0.7 * rate + 0.3 * (linked / Math.max(seconds, 1e-3));
      onRound?.(linked, seconds);
    }
    working = undefined;
  };
  const admit = (captions: number): void => {
    if (closing) throw busy("the service is shutting down");
    const held = depth() + elsewhere();
    if (captions > 0 && held + captions > capacity)
      throw busy(`the queue already holds ${held} of at most ${counted(capacity, "caption")}`);
  };
  return {
    admit,
    depth,
    retryAfter,
    async link(caption, options, { signal, reserved = false }) {
      admit(reserved ? 0 : 1);
      return await new Promise((resolve, reject) => {
        if (signal.aborted) return reject(reasonOf(signal));
        const cancel = (): void => {
          job.canceled = true;
          const index = waiting.indexOf(job);
          if (index >= 0) waiting.splice(index, 1);
          reject(reasonOf(signal));
        };
        const settled =
          <T>(then: (value: T) => void) =>
          (value: T): void => {
            signal.removeEventListener("abort", cancel);
            then(value);
          };
        const job: Job = {
          caption,
          options,
          key: keyOf(options),
          isolated: false,
          canceled: false,
          resolve: settled(resolve),
          reject: settled(reject),
        };
        signal.addEventListener("abort", cancel, { once: true });
        waiting.push(job);
        working ??= work();
      });
    },
    async close() {
      closing = true;
      await working;
    },
  };
}

/**
 * Runs one round: links captions from the front of `waiting`, in order. The round ends when `waiting` is empty or the
 * next caption must not join the batch, because its options differ or because it or the first caption is `isolated`.
 * Returns the number of captions linked; never throws.
 *
 * If one caption cannot be linked, only its job is rejected. If the entire batch fails, the round ends. A single
 * unfinished job is then rejected; several unfinished jobs return to `waiting` and are retried one by one.
 */
async function linkRound(linker: Linker, waiting: Job[], running: Job[]): Promise<number> {
  const { key, options, isolated } = waiting[0]!;
  let taken = 0;
  let linked = 0;
  const joins = (next: Job | undefined): next is Job =>
    next !== undefined && next.key === key && (taken === 0 || (!isolated && !next.isolated));
  function* takeCaptions(): Generator<Caption> {
    while (joins(waiting[0])) {
      const job = waiting.shift()!;
      running.push(job);
      taken += 1;
      yield job.caption;
    }
  }
  try {
    for await (const { links, error } of linker.linkAll(takeCaptions(), options)) {
      const job = running.shift();
      if (error !== undefined) job?.reject(error);
      else {
        job?.resolve(links);
        linked += 1;
      }
    }
    if (running.length > 0)
      throw new MmelError("INTERNAL", { what: "the linker returned fewer results than captions" });
  } catch (error) {
    const unfinished = running.splice(0).filter((job) => !job.canceled);
    if (unfinished.length === 1) unfinished[0]!.reject(error);
    else for (const job of unfinished.reverse()) waiting.unshift(Object.assign(job, { isolated: true }));
  }
  return linked;
}

const busy = (what: string): MmelError =>
  new MmelError("BUSY", {
    what,
    hint: "Wait for the number of seconds in the `Retry-After` header, then retry.",
  });

const reasonOf = ({ reason }: AbortSignal): MmelError =>
  reason instanceof MmelError
    ? reason
    : new MmelError("ABORTED", { what: "the caller disconnected", cause: reason });
