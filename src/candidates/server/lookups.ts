import { type Form, isInitial, ROLE } from "../name.js";
import { nicknames } from "../nicknames.js";
import { SCORE, weightOf } from "../score.js";
import { acronymToken, initialOf, pairToken } from "./index-tokens.js";
import type { Similar, SimilarWords } from "./similar.js";

/** One word of a mention, and the tokens of the index by which names with such a word are found. */
export interface Lookup {
  /** Its share of the mention's weight. */
  readonly share: number;
  /** Tokens, the most similar first. */
  readonly ways: readonly Way[];
}

export interface Way {
  readonly token: string;
  readonly sim: number;
  /** How many entities have it; unknown for a pair. */
  readonly entities: number | undefined;
}

/** Similar words followed for each word, and those whose pairs with an initial are tried. */
const STRICT = 80;
const LOOSELY = 60;
const PAIRED = 120;

/** What the initial of a given name alone says for the given name. */
const SAME_INITIAL = 0.35;

/** How a form of a mention is looked up; minor words are not, except initials beside a family name. */
export function lookupsOf(form: Form, words: SimilarWords): Lookup[] {
  const weight = weightOf(SCORE.mentionWeight, form.roles);
  const families = form.tokens.filter((_, at) => form.roles[at] === ROLE.family);
  const several =
    form.roles.filter((role, at) => role < ROLE.minor && !isInitial(form.tokens[at]!)).length > 1;
  return form.tokens.flatMap((token, at): Lookup[] => {
    const role = form.roles[at]!;
    const share = SCORE.mentionWeight[role] / weight;
    const pairs = role === ROLE.family ? [] : pairsOf(token, families, words);
    if (role >= ROLE.minor) return isInitial(token) && pairs.length > 0 ? [{ share, ways: pairs }] : [];
    const similar = words.of(token);
    const strict = likeliest(
      similar.filter(({ sim }) => sim >= SCORE.token),
      STRICT,
    );
    const loose = several ? similar.filter(({ sim }) => sim < SCORE.token).slice(0, LOOSELY) : [];
    return [{ share, ways: [...strict, ...loose, ...pairs].sort((a, b) => b.sim - a.sim) }];
  });
}

/** Of words in order of similarity half as many as wanted, and of the others those that most people have. */
function likeliest(similar: readonly Similar[], most: number): readonly Similar[] {
  if (similar.length <= most) return similar;
  const first = similar.slice(0, most / 2);
  const others = similar.slice(most / 2).sort((a, b) => b.entities - a.entities);
  return [...first, ...others.slice(0, most / 2)];
}

/** The pairs of a given name's initial, and those of its other forms, with the family names and what resembles them. */
function pairsOf(given: string, families: readonly string[], words: SimilarWords): Way[] {
  const initials = new Set([given, ...nicknames(given)].map(initialOf));
  const sim = isInitial(given) ? SCORE.initial : SAME_INITIAL;
  return families.flatMap((family) =>
    likeliest(words.of(family), PAIRED).flatMap(({ token }) =>
      [...initials].map((initial) => ({ token: pairToken(initial, token), sim, entities: undefined })),
    ),
  );
}

/** How a mention of one word is looked up as an abbreviation. */
export function acronymLookup(form: Form): Lookup[] {
  const [word] = form.tokens;
  if (form.tokens.length !== 1 || word === undefined || word.length < 3 || word.length > 5) return [];
  return [{ share: SCORE.acronym, ways: [{ token: acronymToken(word), sim: 1, entities: undefined }] }];
}
