import type { WireCandidate } from "./types.js";

/** How a candidate stands when the caption's other names are left out, and with them (figure 5 of the paper). */
export interface BeforeAfter {
  /** The scores; `before` is undefined where the network did not look at the candidate. */
  readonly before: number | undefined;
  readonly after: number;
  /** Lengths of the two bars, 0 to 1 of the longest in the list. */
  readonly own: number;
  readonly all: number;
  /** Places in the two orders, from 1; undefined when it did not come up before. */
  readonly rankBefore: number | undefined;
  readonly rankAfter: number;
}

/**
 * Without an answer for the name alone, what counts as before is `match`: models that add a collaborative score to it
 * tell the two apart by themselves.
 */
export function beforeAfter(
  candidates: readonly WireCandidate[],
  alone?: readonly WireCandidate[],
): BeforeAfter[] {
  const befores = candidates.map((candidate) => beforeOf(candidate, candidates, alone));
  const scores = [...candidates, ...befores].map((one) => one.score ?? 0);
  const longest = Math.max(...scores, 1e-9);
  const share = (score: number): number => Math.max(0, Math.min(1, score / longest));
  return candidates.map(({ match, score }, at) => {
    const { score: before, rank } = befores[at]!;
    return {
      before,
      after: score,
      own: share(before ?? 0),
      all: share(match === null ? 0 : score),
      rankBefore: rank,
      rankAfter: at + 1,
    };
  });
}

interface Before {
  readonly score: number | undefined;
  readonly rank: number | undefined;
}

function beforeOf(
  { id, match, independentRank }: WireCandidate,
  candidates: readonly WireCandidate[],
  alone: readonly WireCandidate[] | undefined,
): Before {
  if (alone !== undefined) {
    const at = alone.findIndex((one) => one.id === id);
    const found = alone[at];
    return { score: found?.match == null ? undefined : found.score, rank: at === -1 ? undefined : at + 1 };
  }
  if (match === null) return { score: undefined, rank: undefined };
  const rank = 1 + candidates.filter((other) => (other.match ?? -1) > match).length;
  return { score: match, rank: independentRank ?? rank };
}

/** A difference that two decimals show. */
const VISIBLE = 0.005;

/** Whether the other names of the caption changed anything among these candidates. */
export const heardOthers = (rows: readonly BeforeAfter[]): boolean =>
  rows.some(
    ({ before, after, rankBefore, rankAfter }) =>
      before !== undefined && (Math.abs(after - before) >= VISIBLE || rankBefore !== rankAfter),
  );
