/** The scripts between which names are transliterated. */
export type TransliteratedScript = "latin" | "cyrillic" | "greek" | "arabic";

/** A transliterated script, or "other" for every other one. */
export type Script = TransliteratedScript | "other";

const ANY_LETTER = /\p{L}/u;
const STARTS_WITH_LETTER = /^\p{L}/u;

/** The script of a text's first letter; undefined if the text has no letters. */
export function scriptOf(text: string): Script | undefined {
  const letter = ANY_LETTER.exec(text)?.[0];
  return letter === undefined ? undefined : scriptOfLetter(letter.charCodeAt(0));
}

/** The script of a folded word, from its first character; undefined if that is not a letter of a transliterated script. */
export function scriptOfWord(word: string): TransliteratedScript | undefined {
  const script = STARTS_WITH_LETTER.test(word) ? scriptOfLetter(word.charCodeAt(0)) : "other";
  return script === "other" ? undefined : script;
}

/** The script of a letter, from its first UTF-16 code unit. */
export function scriptOfLetter(unit: number): Script {
  if (unit < 0x370) return "latin";
  if (unit < 0x400 || (unit >= 0x1f00 && unit < 0x2000)) return "greek";
  if (unit < 0x530) return "cyrillic";
  if ((unit >= 0x600 && unit < 0x780) || (unit >= 0xfb50 && unit < 0xfe00)) return "arabic";
  return unit >= 0x1e00 && unit < 0x1f00 ? "latin" : "other";
}
