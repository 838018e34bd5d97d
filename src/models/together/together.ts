import { setImmediate } from "node:timers/promises";
import { type Candidate, throwIfAborted } from "../../core/index.js";
import { kindOfEntity, wordsOf } from "../../names/index.js";
import { keepBest } from "../keep-best.js";
import type { PairEvidence } from "../model.js";
import { clampProbability, softmax, sumSorted } from "../softmax.js";

/** A mention whose candidates are ranked together with those of other mentions. */
export interface Companion<Feature> {
  /** Match score m of each candidate. */
  readonly match: readonly number[];
  /** The feature of each candidate. */
  readonly features: readonly Feature[];
  readonly candidates: readonly Candidate[];
  /** The text of the mention. */
  readonly text: string;
  /** The sum of the candidates' shares; default: the sum of their m. */
  readonly total?: number | undefined;
}

export interface TogetherOptions {
  /** Weight a of the pair evidence; default 1. */
  readonly weight?: number | undefined;
  /** Number of joint assignments that are kept at each step of the beam search; default `BEAM`. */
  readonly beam?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The result for one mention, in the order of its candidates. */
export interface Decided {
  /** Probability of each candidate, given all mentions. The values sum to the mention's `total`. */
  readonly shares: readonly number[];
  /** Returns the candidate of another mention that supports this candidate most; undefined if none does. */
  readonly support: (candidate: number) => Support | undefined;
}

/** Support for a candidate from a candidate of another mention. */
export interface Support {
  readonly mention: number;
  readonly candidate: number;
  /** The logarithm of the factor by which the other mention raises the candidate's odds. */
  readonly gain: number;
}

/** Prior probability that a mention's entity is none of its candidates. Such a mention supports no candidate. */
export const NIL = 0.1;
/** Default number of assignments that the beam search keeps. */
const BEAM = 256;
/** Maximum number of a mention's candidates for which pair evidence is computed. The best candidates are used. */
const POOL = 256;
/** Mentions are ranked together in groups of at most this many consecutive mentions. */
const GROUP = 12;
/** Number of candidates per mention that take part in the beam search. */
const SEARCHED = 24;
/**
 * The value of a · logit S for an entity with itself. Not used if the entity may be a person and the two mentions share
 * a word.
 */
const SAME_ENTITY = -4;

/**
 * Ranks the mentions of a caption together. The probability of an assignment of candidates to mentions is proportional
 * to Π m · Π exp(a · logit S), with S for each pair of candidates; see equation 11 of the paper for S. Returns the
 * marginal probabilities of the candidates. For two mentions, they are exact. For more mentions, each candidate's
 * probability is first computed as if the other mentions did not influence each other. A beam search over complete
 * assignments of the best candidates then corrects the probabilities. A mention may also be NIL; it then has no
 * influence. More than `GROUP` mentions are ranked in several groups. The result does not depend on the order of
 * candidates.
 */
export async function decideTogether<Feature>(
  mentions: readonly Companion<Feature>[],
  evidence: PairEvidence<Feature>,
  options: TogetherOptions = {},
): Promise<readonly Decided[]> {
  const decided: Decided[] = [];
  for (let start = 0; start < mentions.length; start += GROUP) {
    if (start > 0) await setImmediate();
    throwIfAborted(options.signal);
    const group = mentions.slice(start, start + GROUP);
    for (const { shares, support } of decideGroup(group, evidence, options))
      decided.push({
        shares,
        support: (candidate) => {
          const found = support(candidate);
          return found && { ...found, mention: found.mention + start };
        },
      });
  }
  return decided;
}

/** A candidate of another mention that forms a pair with a given candidate, and a · logit S of the pair. */
interface Partner {
  readonly candidate: number;
  readonly logit: number;
}

/** For each candidate of a mention, its partners among the candidates of another mention. */
type Partners = ReadonlyMap<number, readonly Partner[]>;

/** `links[i][j]` contains the partners of mention i's candidates among the candidates of mention j. */
type Links = readonly (readonly Partners[])[];

function decideGroup<Feature>(
  mentions: readonly Companion<Feature>[],
  evidence: PairEvidence<Feature>,
  { weight = 1, beam = BEAM }: TogetherOptions,
): readonly Decided[] {
  const logs = mentions.map(({ match }) => match.map((m) => Math.log(m)));
  const links = linksBetween(mentions, evidence, weight);
  const received = mentions.map(({ match }, i) =>
    match.map((_, candidate) => messagesTo(i, candidate, mentions, links)),
  );
  const marginal = mentions.map(({ match, total: given }, i) => {
    if (given === undefined && received[i]!.every((messages) => messages.length === 0)) return match;
    const gains = received[i]!.map((messages) => sumSorted(messages.map(({ gain }) => gain)));
    const total = given ?? sumSorted(match);
    return softmax(gains.map((gain, candidate) => logs[i]![candidate]! + gain)).map((share) =>
      clampProbability(total * share),
    );
  });
  const shares = mentions.length < 3 ? marginal : searched(logs, marginal, links, beam);
  return shares.map((own, i) => ({
    shares: own,
    support: (candidate) =>
      received[i]![candidate]!.reduce<Support | undefined>(
        (best, message) => (message.gain > (best?.gain ?? 0) ? message : best),
        undefined,
      ),
  }));
}

function linksBetween<Feature>(
  mentions: readonly Companion<Feature>[],
  evidence: PairEvidence<Feature>,
  weight: number,
): Links {
  const links = mentions.map(() => mentions.map(() => new Map<number, Partner[]>()));
  const pools = mentions.map(poolOf);
  pools.forEach((left, i) => {
    pools.slice(0, i).forEach((right, j) => {
      const add = (l: number, r: number, logit: number): void => {
        const [a, b] = [left.at[l]!, right.at[r]!];
        push(links[i]![j]!, a, { candidate: b, logit });
        push(links[j]![i]!, b, { candidate: a, logit });
      };
      for (const pair of evidence.pairs(left.features, right.features))
        if (left.ids[pair.left] !== right.ids[pair.right]) add(pair.left, pair.right, weight * pair.logit);
      const areAlike = shareWord(mentions[i]!.text, mentions[j]!.text);
      const places = new Map(right.ids.map((id, r) => [id, r]));
      left.ids.forEach((id, l) => {
        const r = places.get(id);
        if (r === undefined || (areAlike && mayBePerson(mentions[i]!.candidates[left.at[l]!]!))) return;
        add(l, r, SAME_ENTITY);
      });
    });
  });
  return links;
}

function push<Item>(lists: Map<number, Item[]>, candidate: number, item: Item): void {
  const list = lists.get(candidate);
  if (list === undefined) lists.set(candidate, [item]);
  else list.push(item);
}

function shareWord(a: string, b: string): boolean {
  const words = wordsOf(a);
  return wordsOf(b).some((word) => words.includes(word));
}

/** Returns whether an entity may be a person, who can have a full and a short name in one caption. */
const mayBePerson = ({ entity }: Candidate): boolean => {
  const kind = kindOfEntity(entity);
  return kind === undefined || kind === "person";
};

/** A mention's best candidates. The lists have the same order, best first. */
interface Pool<Feature> {
  /** The indices of these candidates in the lists of the `Companion`. */
  readonly at: readonly number[];
  readonly ids: readonly string[];
  readonly features: readonly Feature[];
}

function poolOf<Feature>({ match, features, candidates }: Companion<Feature>): Pool<Feature> {
  const idOf = (candidate: number): string => candidates[candidate]!.entity.id;
  const at = [...match.keys()]
    .sort((a, b) => match[b]! - match[a]! || (idOf(a) < idOf(b) ? -1 : 1))
    .slice(0, POOL);
  return { at, ids: at.map(idOf), features: at.map((candidate) => features[candidate]!) };
}

/**
 * Computes what each other mention says about a candidate of mention i: the logarithm of the factor by which it changes
 * the candidate's odds. This is log(1 + (1 − NIL) · Σ m · (exp(a · logit S) − 1)), with the sum over the candidate's
 * partners. Mentions without partners of the candidate are left out.
 */
function messagesTo(
  i: number,
  candidate: number,
  mentions: readonly Companion<unknown>[],
  links: Links,
): readonly Support[] {
  return links[i]!.flatMap((partners, mention) => {
    const list = partners.get(candidate);
    if (list === undefined) return [];
    const { match } = mentions[mention]!;
    const gains = list.map((partner) => match[partner.candidate]! * Math.expm1(partner.logit));
    const strongest = gains.indexOf(Math.max(...gains));
    const gain = Math.log1p((1 - NIL) * sumSorted(gains));
    return [{ mention, candidate: list[strongest]!.candidate, gain }];
  });
}

/** An assignment of candidates to the mentions that have joined so far. −1 means NIL. */
interface Assignment {
  readonly candidates: readonly number[];
  readonly log: number;
}

/**
 * Corrects marginal probabilities by a beam search. The mentions join one by one, the most certain first. Within each
 * mention, the total probability of its best candidates is divided among them again, in proportion to the probabilities
 * of the surviving assignments that contain them.
 */
function searched(
  logs: readonly (readonly number[])[],
  marginal: readonly (readonly number[])[],
  links: Links,
  beam: number,
): readonly (readonly number[])[] {
  const pools = marginal.map((shares) => keepBest(shares, SEARCHED, 4 * SEARCHED));
  const order = [...marginal.keys()].sort((i, j) => Math.max(...marginal[j]!) - Math.max(...marginal[i]!));
  let assignments: readonly Assignment[] = [{ candidates: [], log: 0 }];
  order.forEach((i, joined) => {
    const choices = [-1, ...pools[i]!];
    const partners = choices.map((a) => order.slice(0, joined).map((j) => links[i]![j]!.get(a)));
    const extended = assignments.flatMap(({ candidates, log }) =>
      choices.map((a, choice) =>
        a < 0
          ? log + Math.log(NIL)
          : log + Math.log(1 - NIL) + logs[i]![a]! + logitWith(partners[choice]!, candidates),
      ),
    );
    const kept = keepBest(extended, beam, 4 * beam);
    assignments =
      kept.length === 0
        ? assignments.map(({ candidates, log }) => ({ candidates: [...candidates, -1], log }))
        : kept.map((at) => ({
            candidates: [
              ...assignments[Math.floor(at / choices.length)]!.candidates,
              choices[at % choices.length]!,
            ],
            log: extended[at]!,
          }));
  });
  const highest = Math.max(...assignments.map(({ log }) => log));
  const result = marginal.map((shares) => [...shares]);
  order.forEach((i, joined) => {
    const weights = new Map<number, number[]>();
    for (const { candidates, log } of assignments)
      push(weights, candidates[joined]!, Math.exp(log - highest));
    weights.delete(-1);
    const sums = [...weights].map(([candidate, list]) => [candidate, sumSorted(list)] as const);
    const total = sumSorted(sums.map(([, sum]) => sum));
    if (!(total > 0)) return;
    const mass = sumSorted(sums.map(([candidate]) => marginal[i]![candidate]!));
    for (const [candidate, sum] of sums) result[i]![candidate] = clampProbability((mass * sum) / total);
  });
  return result;
}

/**
 * Returns the sum of a · logit S between a candidate and the candidates of the mentions that joined before. `partners`
 * contains the candidate's partners among the candidates of each of these mentions.
 */
function logitWith(
  partners: readonly (readonly Partner[] | undefined)[],
  candidates: readonly number[],
): number {
  let sum = 0;
  partners.forEach((list, at) => {
    const partner = list?.find((one) => one.candidate === candidates[at]);
    if (partner !== undefined) sum += partner.logit;
  });
  return sum;
}
