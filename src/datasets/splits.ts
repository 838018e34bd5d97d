export const SPLITS = ["train", "dev", "test"] as const;
export type Split = (typeof SPLITS)[number];

/** Size of each split, in tenths of the data set (section 4.1 of the paper). */
export const TENTHS: Readonly<Record<Split, number>> = { train: 7, dev: 1, test: 2 };

/** Creates a record with one value per split. */
export const bySplit = <T>(make: (split: Split) => T): Record<Split, T> =>
  Object.fromEntries(SPLITS.map((split) => [split, make(split)])) as Record<Split, T>;
