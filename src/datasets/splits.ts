export const SPLITS = ["train", "dev", "test"] as const;
export type Split = (typeof SPLITS)[number];

/** How many tenths of a data set go where (section 4.1 of the paper). */
export const TENTHS: Readonly<Record<Split, number>> = { train: 7, dev: 1, test: 2 };

/** One value a split. */
export const bySplit = <T>(of: (split: Split) => T): Record<Split, T> =>
  Object.fromEntries(SPLITS.map((split) => [split, of(split)])) as Record<Split, T>;
