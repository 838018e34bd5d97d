import type { WireCandidate } from "./types.js";

/** How a candidate stood before the caption's other names were heard, and after (figure 5 of the paper). */
export interface BeforeAfter {
  /** The scores; `before` is undefined when the model never looked at the candidate. */
  readonly before: number | undefined;
  readonly after: number;
  /** Lengths of the two bars, 0 to 1 of the longest in the list. */
  readonly own: number;
  readonly all: number;
  /** Ranks from 1; the one before among all candidates where the server says so, else among those of the list. */
  readonly rankBefore: number | undefined;
  readonly rankAfter: number;
}

export function beforeAfter(candidates: readonly WireCandidate[]): BeforeAfter[] {
  const longest = Math.max(...candidates.map(({ match, score }) => Math.max(match ?? 0, score)), 1e-9);
  const share = (score: number): number => Math.max(0, Math.min(1, score / longest));
  return candidates.map(({ match, score, independentRank }, at) => ({
    before: match ?? undefined,
    after: score,
    own: share(match ?? 0),
    all: share(score),
    rankBefore: independentRank ?? rankAlone(match, candidates),
    rankAfter: at + 1,
  }));
}

const rankAlone = (match: number | null, candidates: readonly WireCandidate[]): number | undefined =>
  match === null ? undefined : 1 + candidates.filter((other) => (other.match ?? -1) > match).length;

/** Whether the other names of the caption said anything about these candidates. */
export const heardOthers = (candidates: readonly WireCandidate[]): boolean =>
  candidates.some(({ collaborative }) => collaborative !== 0);
