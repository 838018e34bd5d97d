/** Invisible characters: zero-width spaces and joiners, direction marks, soft hyphens. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/gu;

/** Matches UTF-8 text that was decoded as Latin-1 or Windows-1252: "Ã¼" for "ü". */
const MOJIBAKE =
  /[\u00c2-\u00f4\u0152\u0160\u0178\u017d][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2026\u2030\u2039\u203a\u20ac\u2122]/u;

/**
 * Lookup table from characters to their bytes in Windows-1252, for the bytes 0x80 to 0x9f. All other bytes mean the
 * same as in Latin-1. Source: the WHATWG Encoding Standard.
 */
const WINDOWS_1252: Readonly<Record<string, number>> = Object.fromEntries(
  [..."€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"].map((letter, index) => [
    letter,
    0x80 + index,
  ]),
);

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Repairs a name. Combines letters with their accents (NFC), replaces each run of white space with one space, and
 * removes invisible characters. Corrects text that was decoded with the wrong encoding. Replaces a "?" at the start of
 * a word or inside a word with U+FFFD.
 */
function repaired(text: string): string {
  const clean = text
    .normalize("NFC")
    .replace(INVISIBLE, "")
    .replace(/[\s\u00a0]+/gu, " ");
  return decoded(clean).replace(/(?<=\p{L})\?(?=\p{L})|(?<![\p{L}\p{N}])\?(?=\p{L}{2})/gu, "\ufffd");
}

function decoded(text: string): string {
  if (!MOJIBAKE.test(text)) return text;
  const bytes: number[] = [];
  for (const letter of text) {
    const code = WINDOWS_1252[letter] ?? letter.codePointAt(0)!;
    if (code > 0xff) return text;
    bytes.push(code);
  }
  try {
    return UTF8.decode(Uint8Array.from(bytes)).normalize("NFC");
  } catch {
    return text;
  }
}

/** Matches text in scripts that do not need spaces between words. */
const UNSPACED = /^[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hangul}\s・･ー々]+$/u;

/** Matches a hyphen that divides a word at the end of a line, and the two parts of the word. */
const LINE_END = /(\p{L}{2,})[-¬\u2010]\s*(\p{Ll}{2,})/gu;
/** Like `LINE_END`, but regardless of case: only a hyphen that precedes white space divides a word. */
const ANY_LINE_END = /(\p{L}{2,})[-¬\u2010]\s+(\p{L}{2,})/gu;
const SPACED_OUT = /(?<!\p{L})\p{L}(?: \p{L}){2,}(?!\p{L})/gu;
const HANDLE = /^[#@＃＠]/u;
const CAMEL = /(?<=\p{Ll})(?=\p{Lu})/u;

/**
 * Returns the possible readings of a written name. The first is the repaired name; most names have only this reading.
 * Further readings split a hashtag, a handle or a word such as "JohnKerry" into words, remove the hyphen at a line
 * break, or join letters that are separated by spaces. For a Chinese, Japanese or Korean name, a further reading omits
 * the spaces. If `cased` is false, a hyphen is treated in the same way before capital and lower-case letters.
 */
export function readingsOf(text: string, cased = true): readonly string[] {
  const name = repaired(text);
  const readings = [name];
  if (HANDLE.test(name) || (!name.includes(" ") && CAMEL.test(name))) readings.push(wordsOfHandle(name));
  if (/[-¬\u2010]/u.test(name)) readings.push(name.replace(cased ? LINE_END : ANY_LINE_END, "$1$2"));
  if (/\p{L} \p{L} \p{L}/u.test(text)) readings.push(repaired(closedUp(text)));
  if (name.includes(" ") && UNSPACED.test(name)) readings.push(name.replaceAll(" ", ""));
  return [...new Set(readings)].filter((reading) => reading.trim() !== "");
}

function wordsOfHandle(name: string): string {
  return name
    .replace(HANDLE, "")
    .replace(/[_.]+/g, " ")
    .replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, " ")
    .replace(/\d+$/u, "")
    .trim();
}

/** Joins single letters that are separated by single spaces. Two or more spaces separate words. */
function closedUp(text: string): string {
  return text
    .split(/[ \u00a0]{2,}/u)
    .map((part) => part.replace(SPACED_OUT, (letters) => letters.replaceAll(" ", "")))
    .join(" ");
}
