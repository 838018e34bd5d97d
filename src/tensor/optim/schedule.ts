export interface LinearSchedule {
  /** The learning rate at the end of the warm-up. */
  readonly peak: number;
  /** Steps over which it rises from 0. */
  readonly warmup: number;
  /** The step at which it is back at 0. */
  readonly total: number;
}

/** Learning rate of step `step`, counted from 0: linear warm-up, then linear decay. */
export function linearSchedule({ peak, warmup, total }: LinearSchedule, step: number): number {
  if (step < warmup) return (peak * step) / warmup;
  return peak * Math.max(0, (total - step) / Math.max(1, total - warmup));
}
