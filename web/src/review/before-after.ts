import type { WireCandidate } from "./types.js";

/** How a candidate stood before the caption's other names were heard, and after (figure 5 of the paper). */
export interface BeforeAfter {
  /** The scores; `before` is undefined when the model never looked at the candidate. */
  readonly before: number | undefined;
  readonly after: number;
  /** Lengths of the two bars, 0 to 1 of the longest in the list. */
  readonly own: number;
  readonly all: number;
  /** Ranks among the candidates of the list, from 1; equal scores share the better one. */
  readonly rankBefore: number | undefined;
  readonly rankAfter: number;
}

export function beforeAfter(candidates: readonly WireCandidate[]): BeforeAfter[] {
  const longest = Math.max(...candidates.map(({ match, score }) => Math.max(match ?? 0, score)), 1e-9);
  const share = (score: number): number => Math.max(0, Math.min(1, score / longest));
  return candidates.map(({ match, score }, at) => ({
    before: match ?? undefined,
    after: score,
    own: share(match ?? 0),
    all: share(score),
    rankBefore:
      match === null ? undefined : 1 + candidates.filter((other) => (other.match ?? -1) > match).length,
    rankAfter: at + 1,
  }));
}

/** Whether the other names of the caption said anything about these candidates. */
export const heardOthers = (candidates: readonly WireCandidate[]): boolean =>
  candidates.some(({ collaborative }) => collaborative !== 0);
