import { SingleBar } from "cli-progress";
import type { Context } from "./context.js";

/** Shows how far long work is, how fast it goes and how long it will take; only on a terminal. */
export interface Progress extends Disposable {
  /** `remark` stands behind the figures. */
  update(done: number, remark?: string): void;
}

/** `total` may be unknown; then only the count and the rate are shown. */
export function createProgress(context: Context, unit: string, total?: number): Progress {
  if (!context.stderr.isTTY) return { update: () => {}, [Symbol.dispose]: () => {} };
  const start = performance.now();
  const known = total !== undefined && total > 0;
  const bar = new SingleBar({
    stream: context.stderr,
    clearOnComplete: true,
    hideCursor: true,
    format: known
      ? `{bar} {percentage} % · {value}/{total} ${unit} · {rate}/s · {eta_formatted} left{remark}`
      : `{value} ${unit} · {rate}/s{remark}`,
    barCompleteChar: "█",
    barIncompleteChar: "░",
    barsize: 28,
    etaBuffer: 50,
  });
  bar.start(known ? total : 1, 0, { rate: "–", remark: "" });
  return {
    update: (done, remark) =>
      bar.update(done, {
        rate: rateOf(done, (performance.now() - start) / 1000),
        remark: remark === undefined ? "" : ` · ${remark}`,
      }),
    [Symbol.dispose]: () => bar.stop(),
  };
}

function rateOf(done: number, seconds: number): string {
  const rate = seconds > 0 ? done / seconds : 0;
  return rate >= 10 ? rate.toFixed(0) : rate.toFixed(1);
}
