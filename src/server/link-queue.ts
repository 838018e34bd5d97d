import { type Caption, type CaptionLinks, MmelError } from "../core/index.js";
import type { CallOptions, Linker } from "../linker/index.js";

/** Callbacks for metrics. */
export interface QueueEvents {
  /** Called after each round of the linker, with the number of captions linked. */
  readonly onRound?: (captions: number, seconds: number) => void;
}

export interface QueueOptions {
  readonly signal: AbortSignal;
  /** Whether to skip the capacity check, for callers that limit their own captions (streams). */
  readonly reserved?: boolean;
}

/** Captions of all requests, linked together in batches by one linker. */
export interface LinkQueue {
  /**
   * Links a caption. Throws `BUSY` immediately if the queue is full or closing; if the signal aborts, its reason if that
   * is an `MmelError`, else `ABORTED`; and the linker's errors for this caption.
   */
  link(caption: Caption, options: CallOptions, queueOptions: QueueOptions): Promise<CaptionLinks>;
  /** Throws `BUSY` if the queue has no room for this many captions. */
  admit(captions: number): void;
  /** Number of captions accepted but not answered yet. */
  readonly depth: () => number;
  /** Estimated seconds until the queue has room again, 1 to 60. */
  readonly retryAfter: () => number;
  /** Stops accepting captions and resolves when every accepted one is answered. */
  close(): Promise<void>;
}

/** A caption waiting for its links. */
interface Job {
  readonly caption: Caption;
  readonly options: CallOptions;
  /** Captions with the same key may be linked in one batch. */
  readonly key: string;
  /** Whether it failed together with others and is retried on its own. */
  isolated: boolean;
  /** Whether the caller has disconnected. */
  canceled: boolean;
  readonly resolve: (links: CaptionLinks) => void;
  readonly reject: (error: unknown) => void;
}

const keyOf = ({ topK, collaborative, detect, explain }: CallOptions): string =>
  JSON.stringify([topK, collaborative, detect, explain]);

/**
 * Creates a queue of at most `capacity` captions. A caption that arrives at an idle queue is linked immediately; captions
 * that arrive during a round join it if their options match, or wait for the next, so concurrent requests fill batches.
 */
export function createLinkQueue(linker: Linker, capacity: number, { onRound }: QueueEvents = {}): LinkQueue {
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
    if (captions > 0 && depth() + captions > capacity) throw busy(`${depth()} captions are already waiting`);
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
 * Runs one round: links captions from the front of `waiting`, in order, until it is empty or the next job's options
 * differ. A caption's own error rejects only that job. Any other error ends the round: a single job gets it, several are
 * put back to be retried one by one. Returns the number of captions linked; never throws.
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
    if (running.length > 0) throw new MmelError("INTERNAL", { what: "the linker returned too few captions" });
  } catch (error) {
    const unfinished = running.splice(0).filter((job) => !job.canceled);
    if (unfinished.length === 1) unfinished[0]!.reject(error);
    else for (const job of unfinished.reverse()) waiting.unshift(Object.assign(job, { isolated: true }));
  }
  return linked;
}

const busy = (what: string): MmelError =>
  new MmelError("BUSY", { what, hint: "Retry after the time in the `Retry-After` header." });

const reasonOf = ({ reason }: AbortSignal): MmelError =>
  reason instanceof MmelError
    ? reason
    : new MmelError("ABORTED", { what: "the caller disconnected", cause: reason });
