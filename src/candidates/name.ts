import { fold } from "../core/index.js";
import { GIVEN_PARTICLES, PARTICLES, SUFFIXES, TITLES } from "./words.js";

/** What a token is in its name: decides how much it matters that it finds no partner. */
export const ROLE = { given: 0, family: 1, minor: 2, qualifier: 3 } as const;
export type Role = (typeof ROLE)[keyof typeof ROLE];

/** A name in one of the ways in which it may stand, as folded tokens. */
export interface Form {
  readonly tokens: readonly string[];
  /** One role a token. */
  readonly roles: readonly Role[];
  /** 1 for the name as written; less for a form made from it. Multiplies the score. */
  readonly factor: number;
}

/** No name has more tokens than this; the rest is left out. */
export const MAX_TOKENS = 24;

/** Factor of a form that is not the name as written. */
const DERIVED = 0.99;

/** A name is cut here before anything is done with it. */
const MAX_TEXT = 1024;

const QUALIFIER = /\([^()]*\)/gu;
const PART = /[,،、;]|\s(?:of|von und zu)\s/iu;
const TURNED = /^([^,()]+),\s*([^,()]+)$/u;

/**
 * The forms of a name, as written first: with the words of one white-space unit joined (`Soo-young`, `O'Brien`,
 * `J. F. K.` → `sooyoung`, `obrien`, `jfk`) and, of `Surname, First`, turned. No forms: nothing of it is a letter or a digit.
 */
export function formsOf(name: string): readonly Form[] {
  const text = name.slice(0, MAX_TEXT);
  const written = form(text, false, 1);
  if (written.tokens.length === 0) return [];
  const forms = [written];
  const joined = form(text, true, DERIVED);
  if (joined.tokens.length !== written.tokens.length) forms.push(joined);
  const turned = TURNED.exec(text);
  if (turned) forms.push(form(`${turned[2]} ${turned[1]}`, false, DERIVED));
  return forms;
}

/** The initials of a name's given and family names where there are three or more: `jfk`; "" for shorter names. */
export function acronymOf({ tokens, roles }: Form): string {
  const initials = tokens.filter((token, at) => roles[at] !== ROLE.minor || isInitial(token));
  return initials.length < 3 || initials.length > 5 ? "" : initials.map((token) => [...token][0]).join("");
}

/** Whether a token is one letter that may stand for a name; a single ideograph is a name of its own. */
export function isInitial(token: string): boolean {
  return token.length === 1 && !/[\p{sc=Han}\p{sc=Hangul}\p{sc=Hira}\p{sc=Kana}\p{N}\p{S}]/u.test(token);
}

/** A name without its qualifiers in parentheses; the name itself when nothing else is in it. */
function unqualified(text: string): string {
  const plain = text.replace(QUALIFIER, " ");
  return fold(plain) === "" ? text : plain;
}

/** The folded tokens of a text, with those of one white-space unit and runs of initials joined when asked. */
function tokensOf(text: string, joined: boolean): string[] {
  const folded = joined
    ? text
        .split(/\s+/u)
        .map((word) => fold(word).replaceAll(" ", ""))
        .join(" ")
    : fold(text);
  const whole = joined ? folded.replace(/(?<=(?:^| )\p{L}) (?=\p{L}(?: |$))/gu, "") : folded;
  return whole.split(" ").filter((token) => token !== "");
}

/**
 * Titles before, particles within and suffixes after a name and initials are minor; the last of the other tokens of each part
 * (`Arthur Wellesley, 1st Duke of Wellington` has three parts) is a family name. Where all are minor, none is.
 */
function form(text: string, joined: boolean, factor: number): Form {
  const plain = unqualified(text);
  const core = tokensOf(plain, joined);
  const families = new Set<string | undefined>();
  for (const part of plain.split(PART)) {
    const words = tokensOf(part, joined);
    families.add(words.findLast((word, at) => !isMinor(word, at, words.length)));
  }
  const roles: Role[] = core.map((token, at) => {
    if (families.has(token)) return ROLE.family;
    return isMinor(token, at, core.length) ? ROLE.minor : ROLE.given;
  });
  if (!roles.some((role) => role < ROLE.minor)) roles.fill(ROLE.family);
  const qualifiers =
    plain === text ? [] : (text.match(QUALIFIER) ?? []).flatMap((part) => tokensOf(part, joined));
  return {
    tokens: [...core, ...qualifiers].slice(0, MAX_TOKENS),
    roles: [...roles, ...qualifiers.map(() => ROLE.qualifier)].slice(0, MAX_TOKENS),
    factor,
  };
}

function isMinor(token: string, at: number, length: number): boolean {
  if (length === 1) return false;
  if (at < length - 1 && TITLES.has(token)) return true;
  if (at > 0 && SUFFIXES.has(token)) return true;
  if (isInitial(token)) return true;
  return PARTICLES.has(token) && !(at === 0 && GIVEN_PARTICLES.has(token));
}
