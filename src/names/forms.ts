import { fold, wordsOf } from "./fold.js";
import { GIVEN_PARTICLES, PARTICLES, SUFFIXES, TITLES } from "./words.js";

/**
 * The role of a token in its name, which determines its weight in the name score. The role `extra` is for titles and
 * qualifiers in brackets.
 */
export const ROLE = { given: 0, family: 1, minor: 2, extra: 3 } as const;
export type Role = (typeof ROLE)[keyof typeof ROLE];

/** One way of writing a name, as folded tokens. */
export interface Form {
  readonly tokens: readonly string[];
  /** The role of each token. */
  readonly roles: readonly Role[];
  /** Whether the tokens or their order differ from the name as written. */
  readonly derived: boolean;
}

/** Maximum number of tokens in a form. Further tokens are dropped. */
export const MAX_TOKENS = 24;

/** Names are truncated to this length before they are parsed. */
const MAX_TEXT = 1024;

const QUALIFIER = /\([^()]*\)/gu;
/** Matches the end of a part of a name. A new part begins after a comma and at `of`. */
const PART = /[,،、;]|\s(?=of\s)/iu;
/** Matches `Surname, First`. */
const INVERTED = /^([^,()]+),\s*([^,()]+)$/u;
/** Matches names that may contain words to join: names with punctuation, and names with two consecutive initials. */
const JOINABLE = /[^\p{L}\p{M}\p{N}\s]|(?:^|\s)\p{L}\s+\p{L}(?:\s|$)/u;
const BETWEEN_INITIALS = /(?<=(?:^| )\p{L}) (?=\p{L}(?: |$))/gu;
const STANDALONE = /[\p{sc=Han}\p{sc=Hangul}\p{sc=Hira}\p{sc=Kana}\p{N}\p{S}]/u;

/**
 * Returns the forms of a name. The first form is the name as written. A derived form may join the parts of a word
 * (`Soo-young`, `O'Brien` → `sooyoung`, `obrien`) and consecutive initials (`J. F. K.` → `jfk`), or reverse `Surname,
 * First`. Returns an empty list if the name has no letters or digits.
 */
export function formsOf(name: string): readonly Form[] {
  const text = name.slice(0, MAX_TEXT);
  const written = formOf(text, wordsOf, false);
  if (written.tokens.length === 0) return [];
  const forms = [written];
  if (JOINABLE.test(text)) {
    const joined = formOf(text, joinedWordsOf, true);
    if (joined.tokens.length < written.tokens.length) forms.push(joined);
  }
  const [, surname, first] = INVERTED.exec(text) ?? [];
  if (first !== undefined && !wordsOf(first).some(isAddition)) {
    forms.push(formOf(`${first} ${surname}`, wordsOf, true));
  }
  return forms;
}

/**
 * Returns the initials of the given and family names in a name (`jfk`). Returns "" if the number of initials is not between
 * three and five.
 */
export function acronymOf({ tokens, roles }: Form): string {
  const names = tokens.filter((token, index) => roles[index]! < ROLE.minor || isInitial(token));
  if (names.length < 3 || names.length > 5) return "";
  return names.map((token) => String.fromCodePoint(token.codePointAt(0)!)).join("");
}

/**
 * Returns whether a token is a single letter that may abbreviate a name. An ideograph, a digit or a symbol is a complete name
 * and does not count.
 */
export function isInitial(token: string): boolean {
  return token.length === 1 && !STANDALONE.test(token);
}

function joinedWordsOf(text: string): string[] {
  const words = text.split(/\s+/u).map((word) => fold(word).replaceAll(" ", ""));
  const joined = words.filter((word) => word !== "").join(" ");
  return joined === "" ? [] : joined.replace(BETWEEN_INITIALS, "").split(" ");
}

function formOf(text: string, split: (text: string) => string[], derived: boolean): Form {
  const tokens: string[] = [];
  const roles: Role[] = [];
  for (const part of text.replace(QUALIFIER, " ").split(PART)) {
    const words = split(part);
    roles.push(...rolesOf(words, tokens.length === 0));
    tokens.push(...words);
  }
  if (!roles.some((role) => role < ROLE.minor)) roles.fill(ROLE.family);
  for (const qualifier of text.match(QUALIFIER) ?? []) {
    for (const word of split(qualifier)) {
      roles.push(tokens.length === 0 ? ROLE.family : ROLE.extra);
      tokens.push(word);
    }
  }
  return { tokens: tokens.slice(0, MAX_TOKENS), roles: roles.slice(0, MAX_TOKENS), derived };
}

/**
 * Returns the roles of the words in one part of a name (`Arthur Wellesley, 1st Duke of Wellington` has three parts). Leading
 * titles are `extra`. Particles, suffixes and initials are `minor`. The last of the remaining words is the family name, and
 * the words before it are given names.
 */
function rolesOf(words: readonly string[], first: boolean): Role[] {
  let leading = true;
  const roles = words.map((word, index): Role => {
    leading &&= TITLES.has(word);
    if (leading && (index < words.length - 1 || !first)) return ROLE.extra;
    const opening = first && index === 0;
    if (isInitial(word) || (SUFFIXES.has(word) && !opening)) return ROLE.minor;
    if (PARTICLES.has(word) && !(opening && GIVEN_PARTICLES.has(word))) return ROLE.minor;
    return ROLE.given;
  });
  const family = roles.lastIndexOf(ROLE.given);
  if (family >= 0) roles[family] = ROLE.family;
  return roles;
}

function isAddition(word: string): boolean {
  return TITLES.has(word) || SUFFIXES.has(word) || PARTICLES.has(word);
}
