import { SingleBar } from "cli-progress";
import type { Context } from "./context.js";
import { plain } from "./table.js";

/** A progress bar with rate and estimated time left. It is visible only if stderr is a terminal. */
export interface Progress extends Disposable {
  /** Shows the number of finished items, with `remark` at the end of the line. */
  update(done: number, remark?: string): void;
}

const NONE: Progress = { update: () => {}, [Symbol.dispose]: () => {} };

/** Creates a progress bar. Without `total`, only the count and the rate are shown. */
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
        remark: remark === undefined ? "" : ` · ${plain(remark)}`,
      }),
    [Symbol.dispose]: () => bar.stop(),
  };
}

/** Creates a progress bar for commands that print results. It is hidden if standard output is a terminal. */
export const createOutputProgress = (context: Context, unit: string, total: number): Progress =>
  context.stdout.isTTY ? NONE : createProgress(context, unit, total);

/** Number of values between two updates of the progress bar. */
const COUNT_STEP = 1000;

/**
 * Returns a function that passes values through unchanged. The progress bar shows the total count over all calls to the
 * function.
 */
export function counting({ update }: Progress): <T>(values: AsyncIterable<T>) => AsyncGenerator<T> {
  let count = 0;
  return async function* (values) {
    for await (const value of values) {
      yield value;
      if (++count % COUNT_STEP === 0) update(count);
    }
  };
}

/**
 * Estimates the time left, given that the share of finished work rose from `first` to `share` in `seconds`. Returns text
 * such as "2m05s left", or "" if the share did not rise.
 */
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

/** Progress of one stage of a task with several stages. */
export interface Stage {
  readonly stage: string;
  readonly done: number;
  readonly total?: number;
}

/** Shows one progress bar per stage. */
export function createStages(context: Context): Disposable & { readonly update: (stage: Stage) => void } {
  let shown: { readonly stage: string; readonly progress: Progress } | undefined;
  return {
    update: ({ stage, done, total }) => {
      if (shown?.stage !== stage) {
        shown?.progress[Symbol.dispose]();
        shown = { stage, progress: createProgress(context, stage, total) };
      }
      shown.progress.update(done);
    },
    [Symbol.dispose]: () => {
      shown?.progress[Symbol.dispose]();
      shown = undefined;
    },
  };
}
