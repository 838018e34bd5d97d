import { fold } from "../core/index.js";
import { GIVEN_PARTICLES, PARTICLES, SUFFIXES, TITLES } from "./words.js";

/** What a token is in its name: decides how much it matters that it finds no partner. */
export const ROLE = { given: 0, family: 1, minor: 2, apart: 3 } as const;
export type Role = (typeof ROLE)[keyof typeof ROLE];

/** A name in one of the ways in which it may stand, as folded tokens. */
export interface Form {
  readonly tokens: readonly string[];
  /** One role a token. */
  readonly roles: readonly Role[];
  /** Whether the name was not written so. */
  readonly derived: boolean;
}

/** No form has more tokens than this; the rest is left out. */
export const MAX_TOKENS = 24;

/** A name is cut here before anything is done with it. */
const MAX_TEXT = 1024;

const QUALIFIER = /\([^()]*\)/gu;
/** A name's parts begin at a comma and at `of`. */
const PART = /[,،、;]|\s(?=of\s)/iu;
const TURNED = /^([^,()]+),\s*([^,()]+)$/u;
/** Only a name with such a character or with two initials has words to join. */
const JOINABLE = /[^\p{L}\p{M}\p{N}\s]|(?:^|\s)\p{L}\s+\p{L}(?:\s|$)/u;
const BETWEEN_INITIALS = /(?<=(?:^| )\p{L}) (?=\p{L}(?: |$))/gu;
const WHOLE_NAME = /[\p{sc=Han}\p{sc=Hangul}\p{sc=Hira}\p{sc=Kana}\p{N}\p{S}]/u;

/**
 * The forms of a name, as written first: with the words of one white-space unit joined (`Soo-young`, `O'Brien`,
 * `J. F. K.` → `sooyoung`, `obrien`, `jfk`) and, of `Surname, First`, turned. No forms: nothing of it is a letter or a digit.
 */
export function formsOf(name: string): readonly Form[] {
  const text = name.slice(0, MAX_TEXT);
  const written = formOf(text, tokenize, false);
  if (written.tokens.length === 0) return [];
  const forms = [written];
  if (JOINABLE.test(text)) {
    const joined = formOf(text, tokenizeJoined, true);
    if (joined.tokens.length < written.tokens.length) forms.push(joined);
  }
  const [, surname, first] = TURNED.exec(text) ?? [];
  if (first !== undefined && !tokenize(first).some(isAddition)) {
    forms.push(formOf(`${first} ${surname}`, tokenize, true));
  }
  return forms;
}

/** The initials of a name's given and family names when they are three to five: `jfk`; else "". */
export function acronymOf({ tokens, roles }: Form): string {
  const names = tokens.filter((token, at) => roles[at]! < ROLE.minor || isInitial(token));
  if (names.length < 3 || names.length > 5) return "";
  return names.map((token) => String.fromCodePoint(token.codePointAt(0)!)).join("");
}

/** Whether a token is one letter that may stand for a name; a single ideograph or digit is a name of its own. */
export function isInitial(token: string): boolean {
  return token.length === 1 && !WHOLE_NAME.test(token);
}

function tokenize(text: string): string[] {
  const folded = fold(text);
  return folded === "" ? [] : folded.split(" ");
}

function tokenizeJoined(text: string): string[] {
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
      roles.push(tokens.length === 0 ? ROLE.family : ROLE.apart);
      tokens.push(word);
    }
  }
  return { tokens: tokens.slice(0, MAX_TOKENS), roles: roles.slice(0, MAX_TOKENS), derived };
}

/**
 * The roles in one part of a name: titles before it stand apart; particles, suffixes and initials are minor; the last of
 * the others is a family name and the rest are given names. `Arthur Wellesley, 1st Duke of Wellington` has three parts.
 */
function rolesOf(words: readonly string[], first: boolean): Role[] {
  let leading = true;
  const roles = words.map((word, at): Role => {
    leading &&= TITLES.has(word);
    if (leading && (at < words.length - 1 || !first)) return ROLE.apart;
    const opening = first && at === 0;
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
