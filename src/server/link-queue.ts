import { type Caption, type CaptionLinks, MmelError } from "../core/index.js";
import type { Linker, PerCall } from "../linker/index.js";
import { type Job, keyOf } from "./queue/job.js";
import { linkRound } from "./queue/link-round.js";

/** What a queue tells of, for metrics. */
export interface QueueEvents {
  /** A round of batches went through the linker. */
  readonly onRound?: (captions: number, seconds: number) => void;
}

/** How a caller waits. */
export interface Wait {
  readonly signal: AbortSignal;
  /** Its place is kept beside the queue's capacity, by whoever bounds how many such there are. */
  readonly reserved?: boolean;
}

/** Captions of all requests on their way to the one linker, linked together in batches. */
export interface LinkQueue {
  /**
   * The links of a caption. `BUSY` at once when the queue is full or closing; `ABORTED`, or the signal's reason if that
   * is an error of ours, when the caller leaves; what linking throws for this caption.
   */
  link(caption: Caption, options: PerCall, wait: Wait): Promise<CaptionLinks>;
  /** `BUSY` unless so many captions can be taken on. */
  admit(captions: number): void;
  /** Captions accepted and not answered yet. */
  readonly depth: () => number;
  /** Seconds after which there is likely room again. */
  readonly retryAfter: () => number;
  /** Takes on nothing more, and finishes what it accepted. */
  close(): Promise<void>;
}

/**
 * Whatever came in while a round was running goes into the next one, and joins it as long as it runs: a caption alone is
 * linked at once, many at a time fill the linker's batches. At most `capacity` captions are held.
 */
export function createLinkQueue(linker: Linker, capacity: number, { onRound }: QueueEvents = {}): LinkQueue {
  const waiting: Job[] = [];
  const running: Job[] = [];
  let closing = false;
  let working: Promise<void> | undefined;
  let rate = 10; // captions a second, as far as known

  const depth = (): number => waiting.length + running.length;
  const retryAfter = (): number => Math.min(60, Math.max(1, Math.ceil(depth() / rate)));

  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const from = performance.now();
      const linked = await linkRound(linker, waiting, running);
      const seconds = (performance.now() - from) / 1000;
      if (linked > 0) rate = 0.7 * rate + 0.3 * (linked / Math.max(seconds, 1e-3));
      onRound?.(linked, seconds);
    }
    working = undefined;
  };
  const admit = (captions: number): void => {
    if (closing) throw busy("the service is shutting down");
    if (captions > 0 && depth() + captions > capacity) throw busy(`${depth()} captions are waiting already`);
  };
  return {
    admit,
    depth,
    retryAfter,
    async link(caption, options, { signal, reserved = false }) {
      admit(reserved ? 0 : 1);
      return await new Promise((resolve, reject) => {
        if (signal.aborted) return reject(reasonOf(signal));
        const leave = (): void => {
          job.left = true;
          const at = waiting.indexOf(job);
          if (at >= 0) waiting.splice(at, 1);
          reject(reasonOf(signal));
        };
        const settled =
          <T>(then: (value: T) => void) =>
          (value: T): void => {
            signal.removeEventListener("abort", leave);
            then(value);
          };
        const job: Job = {
          caption,
          options,
          key: keyOf(options),
          alone: false,
          left: false,
          resolve: settled(resolve),
          reject: settled(reject),
        };
        signal.addEventListener("abort", leave, { once: true });
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

const busy = (what: string): MmelError =>
  new MmelError("BUSY", { what, hint: "again after the seconds of Retry-After" });

const reasonOf = ({ reason }: AbortSignal): MmelError =>
  reason instanceof MmelError ? reason : new MmelError("ABORTED", { what: "the caller left", cause: reason });
