import { SingleBar } from "cli-progress";
import type { Context } from "./context.js";

/** Shows how far long work is, how fast it goes and how long it will take; only on a terminal. */
export interface Progress extends Disposable {
  /** `remark` stands behind the figures. */
  update(done: number, remark?: string): void;
}

const NONE: Progress = { update: () => {}, [Symbol.dispose]: () => {} };

/** `total` may be unknown; then only the count and the rate are shown. */
export function createProgress(context: Context, unit: string, total?: number): Progress {
  if (!context.stderr.isTTY) return NONE;
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

/** The same while results are written to standard output: not where a terminal shows those. */
export const createProgressBeside = (context: Context, unit: string, total: number): Progress =>
  context.stdout.isTTY ? NONE : createProgress(context, unit, total);

/** Values passed on between two looks at how many there were. */
const STEP = 1000;

/** A function that passes streams on and shows how many values all of them have had. */
export function counting({ update }: Progress): <T>(values: AsyncIterable<T>) => AsyncGenerator<T> {
  let count = 0;
  return async function* (values) {
    for await (const value of values) {
      yield value;
      if (++count % STEP === 0) update(count);
    }
  };
}

/** How long the rest takes if it goes on as from the first look, when `first` of all was done, in words; "" at that look. */
export function timeLeft(share: number, first: number, seconds: number): string {
  if (share <= first) return "";
  const left = Math.ceil((seconds * (1 - share)) / (share - first));
  const [hours, minutes] = [Math.floor(left / 3600), Math.floor((left % 3600) / 60)];
  const two = (number: number): string => String(number).padStart(2, "0");
  if (hours > 0) return `${hours}h${two(minutes)}m left`;
  return minutes > 0 ? `${minutes}m${two(left % 60)}s left` : `${left}s left`;
}

function rateOf(done: number, seconds: number): string {
  const rate = seconds > 0 ? done / seconds : 0;
  return rate >= 10 ? rate.toFixed(0) : rate.toFixed(1);
}
