/** A probability as readers want it: whole percents, and no 100 % that is not one. */
export function percent(share: number): string {
  if (share > 0.995 && share < 1) return "> 99 %";
  if (share < 0.005 && share > 0) return "< 1 %";
  return `${Math.round(100 * share)} %`;
}
