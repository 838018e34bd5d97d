import { fold } from "./fold.js";
import { NAME_LANGUAGES } from "./languages/index.js";

/**
 * For each ending of a grammatical case other than the nominative, the possible nominative endings, all folded: "ого" →
 * "ии", "ыи", "ои" (the folded forms of "ий", "ый", "ой").
 */
const NOMINATIVES: ReadonlyMap<string, readonly string[]> = readEndings();
const LONGEST = Math.max(...[...NOMINATIVES.keys()].map((ending) => ending.length));

/** Endings that some languages write after an apostrophe: "Marlow's", "Ankara'nın". */
const APOSTROPHE_ENDINGS: ReadonlySet<string> = new Set(
  NAME_LANGUAGES.flatMap(({ endings = "" }) => endings.split(","))
    .map((pair) => pair.trim().split(">")[0]!)
    .filter((ending) => ending.startsWith("'"))
    .map((ending) => ending.slice(1)),
);

/**
 * Returns a written word without its ending after an apostrophe: "Marlow’s" → "Marlow". Does not change "O'Neill" and
 * "D'Este".
 */
export function withoutApostropheEnding(written: string): string {
  if (!/['’´`]/.test(written)) return written;
  const found = /^(.*\p{L}{2,})['’´`](\p{Ll}*)$/u.exec(written.replace(/[.,;:]$/, ""));
  return found !== null && APOSTROPHE_ENDINGS.has(found[2]!) ? found[1]! : written;
}

/** Minimum length of the stem that two inflected forms of a name have in common. */
const MIN_STEM = 3;

/**
 * Returns whether `form` may be another grammatical case of the name `word`, such as "александра" for "александр" or
 * "picassos" for "picasso". Both must be folded.
 */
export const isInflected = (form: string, word: string): boolean =>
  form !== word && (hasOtherEnding(form, word, NOMINATIVES) || isIrregular(form, word));

/** Returns whether two words have a common stem, and the ending of `word` is a nominative of the ending of `form`. */
function hasOtherEnding(form: string, word: string, endings: typeof NOMINATIVES): boolean {
  let common = 0;
  while (common < form.length && form[common] === word[common]) common++;
  const shortest = Math.max(MIN_STEM, form.length - LONGEST);
  for (let stem = shortest; stem <= Math.min(common, form.length - 1); stem++)
    if (endings.get(form.slice(stem))?.includes(word.slice(stem))) return true;
  return false;
}

/** Maximum number of results of `nominativesOf`. */
const MAX_NOMINATIVES = 24;

/**
 * Returns at most `MAX_NOMINATIVES` names that `form` may be an inflected form of (see `isInflected`), such as
 * "александр" for "александра". In Arabic and Hebrew, also returns the name without a prefixed conjunction or
 * preposition. `form` must be folded.
 */
export function nominativesOf(form: string): readonly string[] {
  const found = new Set<string>();
  for (let length = Math.min(LONGEST, form.length - MIN_STEM); length >= 1; length--) {
    const stem = form.slice(0, form.length - length);
    for (const ending of NOMINATIVES.get(form.slice(form.length - length)) ?? []) found.add(stem + ending);
  }
  const irregular = IRREGULAR.get(form);
  if (irregular !== undefined) found.add(irregular);
  const prefixed = PREFIXED.exec(form)?.[1];
  if (prefixed !== undefined) found.add(prefixed);
  found.delete(form);
  return [...found].slice(0, MAX_NOMINATIVES);
}

/** Matches a word with a prefixed conjunction or preposition. Source: Arabic and Hebrew school grammars. */
const PREFIXED = /^(?:[وفبلك](?=\p{sc=Arab}{3})|[ובלמהשכ](?=\p{sc=Hebr}{3}))(.+)$/u;

/** Returns whether `form` is another grammatical case of `word` with a different stem: "льва" for "лев". */
export const isIrregular = (form: string, word: string): boolean => IRREGULAR.get(form) === word;

/**
 * For each inflected form of a name whose stem changes, the nominative. Source: Russian, Polish and Czech school
 * grammars.
 */
const IRREGULAR: ReadonlyMap<string, string> = new Map(
  (
    "льва лев, льву лев, львом лев, льве лев, павла павел, павлу павел, павлом павел, павле павел, петра петр, петру петр, петром петр, петре петр, " +
    "pawla pawel, pawlowi pawel, pawlem pawel, piotra piotr, karla karel, karlem karel, karlovi karel, pavla pavel, pavlem pavel, pavlovi pavel, josefa josef, jozefa jozef, marka marek, markiem marek, markem marek, markovi marek"
  )
    .split(", ")
    .map((pair) => pair.split(" ") as [string, string]),
);

/**
 * Returns whether `form` may be another grammatical case of the name `word` in a language, given by its code in
 * `languages/`. Both must be folded.
 */
export function isInflectedIn(language: string, form: string, word: string): boolean {
  const endings = ENDINGS.get(language);
  return endings !== undefined && (hasOtherEnding(form, word, endings) || isIrregular(form, word));
}

/** The endings of each language, by its code. */
const ENDINGS: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>> = new Map(
  NAME_LANGUAGES.map((language) => [language.code, readEndings([language])]),
);

function readEndings(languages = NAME_LANGUAGES): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { endings = "" } of languages)
    for (const pair of endings.split(",")) {
      const [oblique = "", nominative = ""] = pair
        .trim()
        .toLowerCase()
        .replaceAll("'", "")
        .split(">")
        .map(fold);
      if (oblique !== "") found.set(oblique, [...(found.get(oblique) ?? []), nominative]);
    }
  return found;
}
