import type { Posting } from "../../kb/store.js";
import { SCORE } from "../score.js";
import type { Lookup } from "./lookups.js";

/** Of one entity: which share of the mention was found in its name, and which share of the name that is. */
interface Found {
  mention: number;
  name: number;
  /** The lookup that counted last. */
  lookup: number;
}

/**
 * The entities that stand the best chance for a mention in one form: by M (0.7 + 0.3 N) of `SCORE` as the postings tell it,
 * then by number, which is fame.
 */
export function prospectsOf(
  lookups: readonly Lookup[],
  postings: ReadonlyMap<string, Posting>,
  most: number,
): number[] {
  const found = new Map<number, Found>();
  lookups.forEach(({ share, ways }, lookup) => {
    for (const { token, sim } of ways) {
      const posting = postings.get(token);
      if (posting === undefined) continue;
      const { numbers, shares } = posting;
      for (let at = 0; at < numbers.length; at++) {
        const number = numbers[at]!;
        const known = found.get(number);
        if (known === undefined) {
          found.set(number, { mention: share * sim, name: sim * shares[at]!, lookup });
        } else if (known.lookup !== lookup) {
          known.mention += share * sim;
          known.name += sim * shares[at]!;
          known.lookup = lookup;
        }
      }
    }
  });
  const chance = ({ mention, name }: Found): number =>
    mention * (SCORE.base + (1 - SCORE.base) * Math.min(1, name / 1000));
  return bestOf(
    Array.from(found, ([number, one]) => ({ number, chance: chance(one) })),
    most,
  );
}

interface Prospect {
  readonly number: number;
  readonly chance: number;
}

/** Steps in which a chance is told before the list is sorted. */
const BINS = 1000;

/** The best without sorting the rest. */
function bestOf(prospects: readonly Prospect[], most: number): number[] {
  const bins = new Uint32Array(BINS + 1);
  const binOf = ({ chance }: Prospect): number => Math.min(BINS, Math.floor(chance * BINS));
  for (const one of prospects) bins[binOf(one)]!++;
  let least = BINS;
  for (let sum = bins[BINS]!; sum < most && least > 0; ) sum += bins[--least]!;
  return prospects
    .filter((one) => binOf(one) >= least)
    .sort((a, b) => b.chance - a.chance || a.number - b.number)
    .slice(0, most)
    .map(({ number }) => number);
}
