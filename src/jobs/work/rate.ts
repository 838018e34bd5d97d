/** Captions a second over the last minute. */
export interface Rate {
  tick(): void;
  perSecond(): number;
}

const WINDOW_MS = 60_000;
const SLOTS = 60;

export function createRate(now: () => number = () => performance.now()): Rate {
  const started = now();
  const counts = new Array<number>(SLOTS).fill(0);
  let slot = 0;
  const move = (): void => {
    const current = Math.floor((now() - started) / (WINDOW_MS / SLOTS));
    for (; slot < current; slot++) counts[(slot + 1) % SLOTS] = 0;
  };
  return {
    tick() {
      move();
      counts[slot % SLOTS]! += 1;
    },
    perSecond() {
      move();
      const ms = Math.min(WINDOW_MS, Math.max(now() - started, 1000));
      return counts.reduce((sum, count) => sum + count, 0) / (ms / 1000);
    },
  };
}
