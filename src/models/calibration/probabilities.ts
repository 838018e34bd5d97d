import type { RankedEvidence } from "../model.js";

/** What speaks for or against NIL. */
export const EVIDENCE = [
  "constant",
  "name score",
  "best name score",
  "name fits exactly",
  "strength",
  "log m",
  "log of the rest",
] as const;

/** Nothing is surer than this: e^-14. */
const LEAST = 1e-6;

/** The evidence on NIL, in the order of `EVIDENCE`, from a mention's candidates in ranked order, of which there is one at least. */
export function nilEvidence(ranked: readonly RankedEvidence[]): readonly number[] {
  const top = ranked[0]!;
  const name = top.candidate.nameScore;
  const best = ranked.reduce((most, { candidate }) => Math.max(most, candidate.nameScore), 0);
  const share = shareOf(top);
  return [
    1,
    name,
    best,
    Number(name >= EXACT),
    (top.strength ?? 0) / STRENGTH,
    Math.log(Math.max(LEAST, share)),
    Math.log(Math.max(LEAST, 1 - share)),
  ];
}

/** From here on a name is the one written. */
const EXACT = 0.999;
/** Brings a first stage's scores near to the size of the others. */
const STRENGTH = 5;

/** m, or for a candidate that a cascade did not pass on, what the first stage gave it. */
export const shareOf = ({ match, score }: RankedEvidence): number => match ?? score + 1;

/** Logit of each candidate's share of what is not NIL's. */
export function candidateLogits(
  ranked: readonly RankedEvidence[],
  { sharpness, collaborative }: { readonly sharpness: number; readonly collaborative: number },
): number[] {
  return ranked.map(
    (of) => sharpness * Math.log(Math.max(TINY, shareOf(of))) + collaborative * of.collaborative,
  );
}

const TINY = 1e-30;
