import type { Context } from "./context.js";
import { createProgress, type Progress } from "./progress.js";

/** Where work that has several stages stands. */
export interface Stage {
  readonly stage: string;
  readonly done: number;
  readonly total?: number;
}

/** Shows one progress bar after the other. */
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
