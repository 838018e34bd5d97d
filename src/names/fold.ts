import { simplifiedHan } from "./han.js";

/**
 * Replacements for letters that Unicode does not decompose. Most are the usual substitutes if the letter is not
 * available, such as "ae" for "æ".
 */
const LETTERS: Readonly<Record<string, string>> = {
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  ɖ: "d",
  ɗ: "d",
  þ: "th",
  ħ: "h",
  ŧ: "t",
  ŋ: "n",
  ɲ: "n",
  ĸ: "k",
  ƙ: "k",
  ɓ: "b",
  ƒ: "f",
  ƴ: "y",
  ə: "a",
  ɛ: "e",
  ɔ: "o",
  ς: "σ",
  ى: "ي",
  ی: "ي",
  ک: "ك",
  ة: "ه",
  ٱ: "ا",
};

const LETTER = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "gu");

/**
 * Accents and vocalisation marks. Indic and Thai vowel signs and Japanese voicing marks are excluded, because they
 * change the letter.
 */
const MARK =
  /(?![\u3099\u309a])(?=\p{M})[\p{scx=Latn}\p{scx=Grek}\p{scx=Cyrl}\p{scx=Arab}\p{scx=Hebr}\p{scx=Syrc}\p{sc=Zinh}]/gu;

/** The spacing forms of the Japanese voicing marks. NFKD would turn them into a space and a mark without a letter. */
const SPACING_VOICING_MARK = /[\u309b\u309c]/g;

/** Characters to drop: format characters, Arabic tatweel, the primes and half rings of transliterations, © and ®. */
const SILENT = /[\p{Cf}\u0640\u02b9\u02ba\u02be\u02bf©®]/gu;

/**
 * Runs of characters that separate words: everything except letters, marks, digits, pictographs, currency signs
 * ("A$AP") and plus signs ("C++"). Modifier apostrophes separate words too.
 */
const SEPARATOR = /(?:[^\p{L}\p{M}\p{N}\p{So}\p{Sc}+]|[\u02bb\u02bc])+/gu;

/** Matches a single word or number in ASCII, the most frequent kind of text. Also matches the empty text. */
const ASCII_WORD = /^[A-Za-z0-9$+]*$/;
/** Matches ASCII text, which is folded faster, without the tables. */
const ASCII = /^[\0-\x7f]*$/;
const ASCII_SEPARATOR = /[^a-z0-9$+]+/g;

/** Matches texts that may contain Han characters or katakana. */
const HAN_OR_KATAKANA = /[\u2e80-\u2fdf\u3005-\u303b\u30a1-\u30f6\u3400-\u9fff\uf900-\ufaff]|[\ud840-\ud8bf]/;

/**
 * Normalises a text for comparison. Decomposes compatibility characters, folds case, and removes accents and
 * vocalisation marks. Replaces ligatures and barred letters with plain Latin letters, and simplifies Han characters
 * (see `simplifiedHan`). Replaces each run of punctuation or white space with one space, and removes spaces at the
 * ends. `fold(fold(x)) === fold(x)` for every text in every script. A text that contains only punctuation becomes "".
 */
export function fold(text: string): string {
  if (ASCII_WORD.test(text)) return text.toLowerCase();
  if (ASCII.test(text)) return text.toLowerCase().replace(ASCII_SEPARATOR, " ").trim();
  const folded = text
    .replace(SPACING_VOICING_MARK, " ")
    .normalize("NFKD")
    .replace(SILENT, "")
    .replace(MARK, "")
    .toLowerCase()
    .toUpperCase()
    .toLowerCase()
    .normalize("NFKD")
    .replace(MARK, "")
    .replace(LETTER, (letter) => LETTERS[letter] ?? letter)
    .replace(SEPARATOR, " ")
    .trim()
    .normalize("NFC");
  return HAN_OR_KATAKANA.test(folded) ? simplifiedHan(folded) : folded;
}

/** Returns a folded text without spaces, for names that are written together or apart: "birth date", "birthDate". */
export const foldTogether = (text: string): string => fold(text).replaceAll(" ", "");

/** Returns the folded words of a text. */
export function wordsOf(text: string): string[] {
  const folded = fold(text);
  return folded === "" ? [] : folded.split(" ");
}
