/** A script that names can be transliterated from and to. */
export type TransliteratedScript = "latin" | "cyrillic" | "greek" | "arabic";

/** A transliterated script, or "other" for all other scripts. */
export type Script = TransliteratedScript | "other";

const ANY_LETTER = /\p{L}/u;
const STARTS_WITH_LETTER = /^\p{L}/u;

/** Returns the script of a text's first letter, or undefined if the text has no letters. */
export function scriptOf(text: string): Script | undefined {
  const letter = ANY_LETTER.exec(text)?.[0];
  return letter === undefined ? undefined : scriptOfLetter(letter.charCodeAt(0));
}

/**
 * Returns the script of a folded word, judging by its first character. Returns undefined if this character is not a
 * letter in a transliterated script.
 */
export function scriptOfWord(word: string): TransliteratedScript | undefined {
  const unit = word.charCodeAt(0);
  if (unit >= 0x61 && unit <= 0x7a) return "latin"; // the usual case, without a regular expression
  const script = STARTS_WITH_LETTER.test(word) ? scriptOfLetter(unit) : "other";
  return script === "other" ? undefined : script;
}

/** Returns the script of a letter, given the letter's first UTF-16 code unit. */
export function scriptOfLetter(unit: number): Script {
  if (unit < 0x370) return "latin";
  if (unit < 0x400 || (unit >= 0x1f00 && unit < 0x2000)) return "greek";
  if (unit < 0x530) return "cyrillic";
  if ((unit >= 0x600 && unit < 0x780) || (unit >= 0xfb50 && unit < 0xfe00)) return "arabic";
  return unit >= 0x1e00 && unit < 0x1f00 ? "latin" : "other";
}
