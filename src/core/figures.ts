/** Formats a share as a percentage. Returns "–" for null. */
export const percent = (share: number | null, digits = 1): string =>
  share === null ? "–" : `${(100 * share).toFixed(digits)} %`;

/** Formats the limits of an interval, such as "81.0 % to 94.2 %". Returns "–" if there is no interval. */
export const limits = (
  interval: readonly [low: number, high: number] | null,
  format: (limit: number) => string = percent,
): string => (interval === null ? "–" : `${format(interval[0])} to ${format(interval[1])}`);
