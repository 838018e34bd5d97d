import { SCORE } from "../../src/candidates/score.js";
import { nominativesAcross } from "../../src/candidates/token-search.js";
import {
  acronymsOf,
  acronymTokens,
  comparisonOf,
  createWordReader,
  type Form,
  formsOf,
  isInitial,
  mentionFormsOf,
  nicknames,
  nominativesOf,
  ROLE,
  scriptOfWord,
  similarityAcross,
  umlautKey,
} from "../../src/names/index.js";

/** Longest common subsequence and edit distance by the textbook's dynamic programming. */
export function naive(a: string, b: string): { subsequence: number; distance: number; prefix: number } {
  const common = [...Array(a.length + 1)].map(() => new Array<number>(b.length + 1).fill(0));
  const edits = common.map((row, i) => row.map((_, j) => (i === 0 ? j : j === 0 ? i : 0)));
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      common[i]![j] = same ? common[i - 1]![j - 1]! + 1 : Math.max(common[i - 1]![j]!, common[i]![j - 1]!);
      edits[i]![j] = Math.min(
        edits[i - 1]![j - 1]! + (same ? 0 : 1),
        edits[i - 1]![j]! + 1,
        edits[i]![j - 1]! + 1,
      );
    }
  }
  let prefix = 0;
  while (prefix < Math.min(a.length, b.length) && a[prefix] === b[prefix]) prefix++;
  return { subsequence: common[a.length]![b.length]!, distance: edits[a.length]![b.length]!, prefix };
}

function likeness(a: string, b: string): number {
  const { subsequence, distance, prefix } = naive(a, b);
  const longer = Math.max(a.length, b.length);
  return (
    (0.4 * subsequence) / longer +
    (0.2 * prefix) / Math.min(a.length, b.length) +
    0.4 * (1 - distance / longer)
  );
}

/** The folded tokens of all names in an index. */
type Vocabulary = ReadonlySet<string>;

export const vocabularyOf = (names: readonly string[]): Vocabulary =>
  new Set(names.flatMap((name) => formsOf(name).flatMap(({ tokens }) => tokens)));

const sims = new Map<string, number>();

function sim(mention: string, name: string, known: Vocabulary, begins = true): number {
  const key = [mention, name, known.has(mention), begins].join("\0");
  const found = sims.get(key) ?? computeSim(mention, name, known, begins);
  sims.set(key, found);
  return found;
}

function computeSim(mention: string, name: string, known: Vocabulary, begins: boolean): number {
  if (mention === name) return 1;
  if (isInitial(mention)) return begins && name.startsWith(mention) ? 0.8 : 0;
  const related = nicknames(mention).includes(name) ? 0.9 : 0;
  const initial = isInitial(name) && mention.startsWith(name) ? 0.8 : 0;
  const like = likeness(mention, name);
  const similar = like >= 0.6 - 1e-9;
  const umlaut = similar && umlautKey(mention) === umlautKey(name) ? 0.97 : 0;
  const nominatives = known.has(mention) ? [] : nominativesOf(mention);
  const { kind } = createWordReader(mention)(name);
  const isVariant = similar && !known.has(mention) && (kind === "inflected" || kind === "spelling");
  const isNominative = nominatives.includes(name) && !isInitial(name);
  return Math.max(
    related,
    initial,
    umlaut,
    isVariant || isNominative ? 0.95 : 0,
    similar ? like : 0,
    across(mention, name),
    ...nominativesAcross(mention, nominatives).map((nominative) => 0.95 * across(nominative, name)),
  );
}

/** sim of two tokens of different scripts. */
function across(mention: string, name: string): number {
  const [own, other] = [scriptOfWord(mention), scriptOfWord(name)];
  if (own === undefined || other === undefined || own === other || isInitial(name)) return 0;
  const comparison = comparisonOf(own, other);
  const { keys, least } = comparison;
  const alike = keys(mention).flatMap((a) => keys(name).map((b) => likeness(a, b)));
  const best = Math.max(0, ...alike);
  return best >= least - 1e-9 ? similarityAcross(mention, name, comparison) : 0;
}

function aligned(mention: Form, name: Form, known: Vocabulary): number {
  const main = mention.tokens.filter((_, i) => mention.roles[i]! < ROLE.minor);
  if (!main.some((a) => name.tokens.some((b) => sim(a, b, known, false) > 0))) return 0;
  const begins = !main.every(isInitial);
  const pairs = mention.tokens.flatMap((a, i) =>
    name.tokens.map((b, j) => ({ i, j, sim: sim(a, b, known, begins) })),
  );
  const chosen: typeof pairs = [];
  for (const pair of pairs.sort((a, b) => b.sim - a.sim || a.i - b.i || a.j - b.j)) {
    if (pair.sim > 0 && !chosen.some(({ i, j }) => i === pair.i || j === pair.j)) chosen.push(pair);
  }
  const weights = (form: Form, byRole: readonly number[]) => form.roles.map((role) => byRole[role]!);
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const ofMention = weights(mention, SCORE.mentionWeight);
  const ofName = weights(name, SCORE.nameWeight);
  const m = sum(chosen.map((pair) => ofMention[pair.i]! * pair.sim)) / sum(ofMention);
  const n = sum(chosen.map((pair) => ofName[pair.j]! * pair.sim)) / sum(ofName);
  const order = chosen.sort((a, b) => a.i - b.i).map(({ j }) => j);
  const ordered = order.every((j, at) => at === 0 || j > order[at - 1]!);
  return m * (0.7 + 0.3 * n) * (ordered ? 1 : 0.97);
}

/** The formula of `SCORE`, implemented literally and without an index. */
export function nameScore(mention: string, name: string, known: Vocabulary): number {
  let best = 0;
  const names = formsOf(name);
  for (const m of mentionFormsOf(mention)) {
    const factor = m.derived ? 0.99 : 1;
    for (const n of names) {
      const whole = likeness(m.tokens.join(" "), n.tokens.join(" "));
      const score = Math.max(aligned(m, n, known), whole >= 0.5 - 1e-9 ? whole : 0);
      best = Math.max(best, score * factor * (n.derived ? 0.99 : 1));
    }
    const acronyms = names[0] === undefined ? [] : acronymsOf(acronymTokens(names[0]));
    if (m.tokens.length === 1 && acronyms.includes(m.tokens[0]!)) best = Math.max(best, 0.75 * factor);
  }
  return best < 0.3 ? 0 : best;
}
