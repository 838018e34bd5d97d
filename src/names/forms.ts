import { SMALL_WORDS } from "./acronyms.js";
import { foldTogether, wordsOf } from "./fold.js";
import { GENERATION_ENDS, MARKER_STARTS, PARTICLES, POSTNOMINALS, TITLE_STARTS } from "./lexicon.js";
import { mainTextOf, parseName } from "./parse.js";
import { pinyinReadings } from "./pinyin.js";
import { additionLengths, type NameParts } from "./plain-name.js";
import { readingsOf } from "./repair.js";

/**
 * The role of a token in its name, which determines its weight in the name score. Particles, initials and generations
 * have the role `minor`. Titles, postnominals, other names of the person, years and qualifiers in brackets have the
 * role `extra`.
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

/** Maximum number of forms of a name. */
const MAX_FORMS = 12;

/** Names are truncated to this length before they are parsed. */
const MAX_TEXT = 1024;

/** Matches the end of a piece of a name. A new piece begins after a comma and at `of`. */
const PIECE = /[,،、;]|\s(?=of\s)/iu;
/** Matches names that may contain words to join: names with punctuation, and names with two consecutive initials. */
const JOINABLE = /[^\p{L}\p{M}\p{N}\s]|(?:^|\s)\p{L}\s+\p{L}(?:\s|$)/u;
const BETWEEN_INITIALS = /(?<=(?:^| )\p{L}) (?=\p{L}(?: |$))/gu;
const STANDALONE = /[\p{sc=Han}\p{sc=Hangul}\p{sc=Hira}\p{sc=Kana}\p{N}\p{S}]/u;
/** Matches names that have only one reading (see `readingsOf`), so that they need not be repaired. */
const CLEAN = /^[A-Za-z.,'’]+(?: [A-Za-z.,'’]+)*$/;
const HANDLE = /^\s*[#@＃＠]/u;
const DOUBLE_NAME = { cased: /\p{L}[-‐]\p{Lu}/u, uncased: /\p{L}[-‐]\p{L}/u };
/** Matches names that may contain other names, years, or an ending after an apostrophe. */
const PUNCTUATED = /[,،、;()[\]（）\d'’´`]/u;
/** Matches the folded Roman numerals from 2 to 29. */
const ROMAN_NUMERAL = /^(?:i{2,3}|iv|vi{0,3}|ix|x{1,2}(?:i{1,3}|iv|vi{0,3}|ix)?)$/;
const GENERATIONS =
  "0 1st ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx xxi xxii xxiii".split(" ");
const ORDINAL = /^\d{1,2}(?:st|nd|rd|th)$/;

/** Particles that are also first names. At the start of a name, they do not count as particles. */
const GIVEN_PARTICLES: ReadonlySet<string> = new Set(
  "abi ad al am as az ben bin da de di ed en i li lo om sur um van y e".split(" "),
);

const ENDING_ENDS: ReadonlySet<string> = new Set([...POSTNOMINALS, ...GENERATION_ENDS]);

/**
 * Returns the forms of an entity's name. The first form is the name as written. The derived forms
 * - join the parts of a word (`Soo-young`, `O'Brien` → `sooyoung`, `obrien`) and consecutive initials (`R. E. M.` →
 *   `rem`)
 * - repair the name (see `readingsOf`)
 * - contain the Pinyin spelling of a Chinese name (see `pinyinReadings`)
 * - contain the parts of the name without titles and other additions, with the given names first (`Kerry, John` → `john
 *   kerry`)
 * - contain the other names in the text, such as a maiden name (see `parseName`).
 *
 * Returns an empty list if the name has no letters or digits.
 */
export const formsOf = (name: string): readonly Form[] => createForms(name, false);

/**
 * Returns the forms of a mention, like `formsOf`. The forms do not depend on the case of the letters, except for
 * hashtags and handles. A mention with titles also has a form without titles. For the name of an entity, this form is
 * not necessary, because missing titles hardly change the score.
 */
export const mentionFormsOf = (mention: string): readonly Form[] => createForms(mention, true);

/**
 * Matches names that usually have no form other than the name as written. Letters that are typical of text decoded with
 * the wrong encoding, such as š, do not match.
 */
const PLAIN =
  /^[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0151\u0154-\u015f\u0162-\u0177]{2,}(?: [A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u0151\u0154-\u015f\u0162-\u0177]{2,})*$/;

/** Words that have a role other than `given` and `family` in some names. */
const SPECIAL_WORDS: ReadonlySet<string> = new Set([
  ...TITLE_STARTS,
  ...ENDING_ENDS,
  ...MARKER_STARTS,
  ...PARTICLES,
  ...SMALL_WORDS,
]);

/**
 * If a name consists only of given and family names in Latin letters, returns its form as it is written, which is
 * faster to compute than all forms. Returns undefined for other names. The caller checks whether the name also has a
 * Pinyin form.
 */
function plainForm(text: string): Form | undefined {
  if (!PLAIN.test(text)) return undefined;
  const tokens = wordsOf(text);
  if (tokens.length > MAX_TOKENS) return undefined;
  if (tokens.some((token) => SPECIAL_WORDS.has(token) || ROMAN_NUMERAL.test(token))) return undefined;
  const roles = tokens.map((_, index): Role => (index < tokens.length - 1 ? ROLE.given : ROLE.family));
  return { tokens, roles, derived: false };
}

function createForms(name: string, isMention: boolean): readonly Form[] {
  const text = name.slice(0, MAX_TEXT);
  const plain = plainForm(text);
  if (plain !== undefined && pinyinReadings(text).length === 0) return [plain];
  const cased = isMention ? false : undefined;
  const written = formOf(text, wordsOf, cased, false);
  if (written.tokens.length === 0) return [];
  const forms = new Map([[written.tokens.join(" "), written]]);
  const add = (form: Form): void => {
    const key = form.tokens.join(" ");
    if (key !== "" && forms.size < MAX_FORMS && !forms.has(key)) forms.set(key, form);
  };
  if (JOINABLE.test(text)) {
    const joined = formOf(text, joinedWordsOf, cased, true);
    if (withoutExtra(joined).length < withoutExtra(written).length) add(joined);
  }
  const readings = CLEAN.test(text) ? [text] : readingsOf(text, false);
  for (const reading of [...readings, ...pinyinReadings(text)]) {
    const read = reading === text ? written : formOf(reading, wordsOf, cased, true);
    const key = read.tokens.join(" ");
    const form = key === written.tokens.join(" ") ? written : read;
    if (form !== written && forms.has(key)) continue;
    // Without # or @, capital letters within a word do not begin another word, because forms do not depend on case.
    if (form.tokens.length > written.tokens.length && !HANDLE.test(text)) continue;
    add(form);
    if (mayHaveParts(reading, form, isMention)) parsedForms(reading, form, isMention).forEach(add);
  }
  return [...forms.values()];
}

/** Returns the tokens of a form that do not have the role `extra`. */
export const withoutExtra = ({ tokens, roles }: Form): readonly string[] =>
  tokens.filter((_, index) => roles[index] !== ROLE.extra);

/** Returns whether parsing a name may result in forms other than `form`. */
function mayHaveParts(text: string, { tokens, roles }: Form, isMention: boolean): boolean {
  return (
    PUNCTUATED.test(text) ||
    roles.includes(ROLE.extra) ||
    DOUBLE_NAME[isMention ? "uncased" : "cased"].test(text) ||
    (tokens.length > 1 && ENDING_ENDS.has(tokens.at(-1)!)) ||
    tokens.some((token, index) => index > 0 && isGeneration(token))
  );
}

/** Returns the forms of the names in a text: first the name without additions, then the other names. */
function parsedForms(text: string, written: Form, isMention: boolean): Form[] {
  const parsed = isMention ? parseName(text, false) : parseName(text);
  const main = formOfParts(parsed);
  const isNew = isMention || main.tokens.join(" ") !== withoutExtra(written).join(" ");
  const names = isMention ? parsed.others : [...parsed.others, ...parsed.halves];
  const others = names.map((other) =>
    isNobility(other, written) ? withGivenNames(parsed, text) : formOfParts(other),
  );
  return [...(isNew ? [main] : []), ...others];
}

/**
 * Returns whether a name in a text is part of a title of nobility and not a full name ("Wellington" in "Arthur
 * Wellesley, 1st Duke of Wellington"). Such a name is neither in brackets nor after a marker such as "née".
 */
const isNobility = ({ parts }: NameParts, { tokens, roles }: Form): boolean =>
  parts.every(({ word, kind }) => kind !== "given" && roles[tokens.lastIndexOf(word)]! < ROLE.extra);

/**
 * Returns the form that consists of the given names and the title of nobility: "arthur 1st duke of wellington" for
 * "Arthur Wellesley, 1st Duke of Wellington".
 */
function withGivenNames({ parts }: NameParts, text: string): Form {
  const given = parts.filter(({ kind }) => kind === "given").map(({ word }) => word);
  const title = formOf(text.slice(text.indexOf(",") + 1), wordsOf, false, true);
  return limited([...given, ...title.tokens], [...given.map(() => ROLE.given), ...title.roles], true);
}

/** Returns the form of a parsed name. All generations are written in one way: "1st" for "Sr.", "ii" for "Jr.". */
function formOfParts({ parts, generation }: NameParts): Form {
  const tokens = parts.map(({ word }) => word);
  const roles = parts.map(
    ({ kind }): Role => (kind === "given" || kind === "family" ? ROLE.given : ROLE.minor),
  );
  const family = roles.lastIndexOf(ROLE.given);
  if (family >= 0) roles[family] = ROLE.family;
  const named = withName(roles);
  if (generation === undefined) return limited(tokens, named, true);
  const word = GENERATIONS[generation] ?? String(generation);
  return limited([...tokens, word], [...named, ROLE.minor], true);
}

const limited = (tokens: readonly string[], roles: readonly Role[], derived: boolean): Form => ({
  tokens: tokens.slice(0, MAX_TOKENS),
  roles: roles.slice(0, MAX_TOKENS),
  derived,
});

/** Returns the tokens of a name that may occur in an acronym: all except additions and generations. */
export const acronymTokens = ({ tokens, roles }: Form): readonly string[] =>
  tokens.filter((token, index) => roles[index] !== ROLE.extra && !(index > 0 && isGeneration(token)));

/**
 * Returns whether a token is a single letter that may abbreviate a name. An ideograph, a digit or a symbol is a
 * complete name and does not count.
 */
export function isInitial(token: string): boolean {
  return token.length === 1 && !STANDALONE.test(token);
}

function joinedWordsOf(text: string): string[] {
  const words = text.split(/\s+/u).map(foldTogether);
  const joined = words.filter((word) => word !== "").join(" ");
  return joined === "" ? [] : joined.replace(BETWEEN_INITIALS, "").split(" ");
}

function formOf(
  text: string,
  split: (text: string) => string[],
  cased: boolean | undefined,
  derived: boolean,
): Form {
  const all = split(text);
  const mayHaveAdditions = /[([（[\d]/u.test(text) || all.some((token) => MARKER_STARTS.has(token));
  const main = mayHaveAdditions ? mainTextOf(text, cased) : text;
  const tokens: string[] = [];
  const roles: Role[] = [];
  for (const piece of main.split(PIECE)) {
    const words = split(piece);
    roles.push(...rolesOf(words, tokens.length === 0));
    tokens.push(...words);
  }
  if (tokens.length === 0)
    return limited(
      all,
      all.map(() => ROLE.family),
      derived,
    );
  const named = withName(roles);
  if (main === text) return limited(tokens, named, derived);
  return limited(all, withName(rolesInAll(all, tokens, named)), derived);
}

/** Returns the roles of all tokens of a text. Tokens that are not in `main` have the role `extra`. */
function rolesInAll(all: readonly string[], main: readonly string[], roles: readonly Role[]): Role[] {
  let at = 0;
  return all.map((token) => (token === main[at] ? roles[at++]! : ROLE.extra));
}

/** Returns the roles. If none of them is a given or family name, all become family names. */
const withName = (roles: Role[]): Role[] =>
  roles.some((role) => role < ROLE.minor) ? roles : roles.map(() => ROLE.family);

/**
 * Returns the roles of the words in one piece of a name (`Arthur Wellesley, 1st Duke of Wellington` has three pieces).
 * The last of the words that are neither `extra` nor `minor` is the family name, and the words before it are given
 * names.
 */
function rolesOf(words: readonly string[], first: boolean): Role[] {
  const [start = "", last = ""] = [words[0], words.at(-1)];
  const { titles, endings } =
    TITLE_STARTS.has(start) || ENDING_ENDS.has(last) || isGeneration(last)
      ? additionLengths(words, first ? 0 : 1)
      : { titles: 0, endings: 0 };
  const end = words.length - endings;
  const roles = words.map((word, index): Role => {
    if (index < titles) return ROLE.extra;
    if (index >= end) return POSTNOMINALS.has(word) ? ROLE.extra : ROLE.minor;
    const opening = first && index === 0;
    if (isInitial(word) || (isGeneration(word) && !opening)) return ROLE.minor;
    const isParticle = PARTICLES.has(word) || SMALL_WORDS.has(word);
    const isLast = first && index === end - 1 && index > titles;
    return isParticle && !(opening && GIVEN_PARTICLES.has(word)) && !isLast ? ROLE.minor : ROLE.given;
  });
  const family = roles.lastIndexOf(ROLE.given);
  if (family >= 0) roles[family] = ROLE.family;
  return roles;
}

/** Returns whether a token is a generation wherever it occurs in a name: "jr", "senior", "iii", "3rd". */
const isGeneration = (token: string): boolean =>
  ROMAN_NUMERAL.test(token) || ORDINAL.test(token) || /^(?:[js]r|junior|senior)$/.test(token);
