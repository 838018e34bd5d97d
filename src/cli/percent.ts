/** A share to a tenth of a percent; "–" for what cannot be said. */
export const percent = (share: number | null): string =>
  share === null ? "–" : `${(100 * share).toFixed(1)} %`;
