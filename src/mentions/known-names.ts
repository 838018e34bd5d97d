import type { Entity, Span } from "../core/index.js";
import { isInflectedIn, kindOfEntity, withoutApostropheEnding, wordsOf } from "../names/index.js";
import type { View } from "./view.js";

/** An occurrence in a text of a name of the knowledge base, or of a part of such a name. */
export interface KnownName extends Span {
  /** A complete name, the acronym of a name, or a family name or given name alone. */
  readonly kind: "name" | "acronym" | "family" | "given";
  /** Whether the text contains an inflected form of the name. */
  readonly inflected: boolean;
  /** Some of the entities with this name, and their names as in the knowledge base. Empty for a given name. */
  readonly holders: readonly { readonly entity: Entity; readonly name: string }[];
}

/**
 * Minimum number of letters in an acronym, in a one-word name in a text in capitals, and in a one-word name in a script
 * without capitals. Chinese, Japanese and Korean have limits of their own.
 */
const MIN_UNCASED = 3;
/**
 * Minimum number of letters in a one-word name in a text without capitals, and in a family name alone in a script
 * without capitals. Chinese, Japanese and Korean have limits of their own.
 */
const MIN_SINGLE = 4;

/**
 * Returns whether an occurrence of a name of the knowledge base in a text is a mention. As a rule, a name of several
 * words is a mention unless it is written in lower case. A name of one word must be capitalised, and if it begins a
 * sentence, it must not be a common word (see `View.isUsual`). A given name alone is a mention only after a form of address
 * or an occupation: "Frau Leni", "Lehrling Toni".
 */
export function isMention(known: KnownName, view: View): boolean {
  if (!isWhole(known, view) || !isConnected(known, view)) return false;
  if (known.kind === "given") return isAddressed(known, view);
  if (known.kind === "family" && !known.holders.some(({ entity }) => mayBePerson(entity))) return false;
  const written = view.text.slice(known.start, known.end);
  const words = wordsOf(written);
  if (known.inflected && HYPHEN.test(view.text.slice(0, known.start).at(-1) ?? "")) return false;
  if (!/[\p{Lu}\p{Ll}\p{Lt}]/u.test(written)) return isUncasedMention(known, written, words, view);
  if (known.kind === "acronym" && (view.style !== "mixed" || written !== written.toUpperCase())) return false;
  if (words.length > 1) return isCapitalised(known, written, words, view);
  return isSingleMention(known, written, words[0]!, view);
}

/** Returns whether a given name alone is capitalised in a text with small letters and follows a title or an occupation. */
function isAddressed({ start, end }: KnownName, view: View): boolean {
  const { person, occupation } = view.placeOf(start);
  return (
    view.style === "mixed" && (person || occupation) && /^\p{Lu}\P{Lu}+$/u.test(view.text.slice(start, end))
  );
}

/** Returns whether the name neither begins nor ends inside a word. */
function isWhole({ start, end }: Span, { text }: View): boolean {
  const [before, first] = [text.slice(0, start).at(-1) ?? "", text[start]!];
  const [last, after] = [text[end - 1]!, text.slice(end, end + 8)];
  if (KATAKANA.test(first) && KATAKANA.test(before)) return false;
  if (KATAKANA.test(last) && KATAKANA.test(after[0] ?? "")) return false;
  if (HANGUL.test(first) && HANGUL.test(before)) return false;
  if (HANGUL.test(last) && HANGUL.test(after[0] ?? "")) return JOSA.test(after);
  return !/^\p{M}/u.test(after);
}

const HYPHEN = /[-‐‑]/u;
const KATAKANA = /[\p{sc=Kana}ー]/u;
const HANGUL = /\p{sc=Hangul}/u;
/**
 * Matches a Korean particle or form of address that follows a name and ends the word. Source: Korean school grammars.
 */
const JOSA =
  /^(?:은|는|이|가|을|를|의|에|에서|에게|께|께서|한테|와|과|랑|이랑|도|만|로|으로|부터|까지|처럼|보다|이다|입니다|였다|이었다|씨|님|군|양|들)(?:은|는|이|가|의|도)?(?!\p{sc=Hangul})/u;

/**
 * Returns false if the text separates the words of the name, for example by the end of a sentence, or by a comma that
 * the name in the knowledge base does not contain. Otherwise, returns true.
 */
function isConnected({ start, end, holders }: KnownName, { text }: View): boolean {
  const written = text.slice(start, end);
  if (/[;!?()[\]{}…。！？\n\r\t|]|(?:\p{L}{4,}|\d)\.\s|[:•–—](?=\s)|\s[-–—]/u.test(written)) return false;
  return !/[,،、]/u.test(written) || holders.some(({ name }) => /[,،、]/u.test(name));
}

/** Returns whether an entity may be a person: its kind is person or unknown. */
function mayBePerson(entity: Entity): boolean {
  const kind = kindOfEntity(entity);
  return kind === "person" || kind === undefined;
}

function isUncasedMention(
  { kind }: KnownName,
  written: string,
  words: readonly string[],
  view: View,
): boolean {
  if (words.every(view.isUsual)) return false;
  const letters = written.match(/\p{L}/gu)?.length ?? 0;
  if (/[\p{scx=Han}\p{scx=Kana}\p{sc=Hangul}]/u.test(written)) return letters >= (kind === "family" ? 3 : 2);
  return words.length > 1 || letters >= (kind === "family" ? MIN_SINGLE : MIN_UNCASED);
}

/**
 * Returns whether a name of several words is capitalised, or written exactly as in the knowledge base. If all its words
 * are common words (see `View.isUsual`), two must be capitalised, or only one if the name is written exactly as in the
 * knowledge base. In a text in capitals, it is enough that one word is not a function word. In a text without capitals,
 * it is enough that one word is not a common word.
 */
function isCapitalised(
  { holders }: KnownName,
  written: string,
  words: readonly string[],
  view: View,
): boolean {
  const exact = holders.some(({ name }) => name === written);
  const usual = words.every(view.isUsual);
  if (view.style === "upper") return !words.every(view.isFunctionWord);
  if (view.style === "none") return !usual;
  const capitals = written.match(/(?<!\p{L})\p{Lu}/gu)?.length ?? 0;
  if (usual) return capitals > 1 || (exact && capitals > 0);
  return exact || (capitals > 0 && (/^\P{Ll}/u.test(written) || words.length - capitals < capitals));
}

function isSingleMention(known: KnownName, written: string, word: string, view: View): boolean {
  const exact = known.holders.some(({ name }) => name === written);
  if (known.inflected && !isInflectedHere(known, word, view)) return false;
  const place = view.placeOf(known.start);
  if (view.style === "none") {
    if (known.kind !== "name" || written.length < MIN_SINGLE || view.isUsual(word) || place.determined)
      return false;
    return known.holders.some(({ name }) => /^\p{Lu}/u.test(name));
  }
  if (view.style === "upper") return written.length >= MIN_UNCASED && !view.isUsual(word);
  if (/^\p{Ll}/u.test(written)) return exact && /\p{Lu}/u.test(written);
  if (known.kind === "acronym") return written.length >= MIN_UNCASED;
  if (exact && written.length > 1 && written === written.toUpperCase()) return true;
  if (place.title) return true;
  if (view.isNeverName(word)) return false;
  if (place.first && view.isUsual(word)) return false;
  if (known.kind === "family" && place.inside) return false;
  return !(view.language === "de" && place.determined && view.isAddition(word)) && written.length > 1;
}

/** Languages whose endings are tried in a text whose language is unknown, by script. */
const LANGUAGES = { latin: ["de"], cyrillic: ["ru", "uk"], greek: ["el"] } as const;

/**
 * Returns whether a word is an inflected form of a word in the name according to the language of the text. Returns true
 * for any word in a script other than Latin, Cyrillic and Greek.
 */
function isInflectedHere({ holders }: KnownName, word: string, { language }: View): boolean {
  const script = /\p{sc=Cyrillic}/u.test(word) ? "cyrillic" : /\p{sc=Greek}/u.test(word) ? "greek" : "latin";
  if (!/[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}]/u.test(word)) return true; // a prefixed word
  const languages = language === undefined ? LANGUAGES[script] : [language];
  return holders.some(({ name }) =>
    wordsOf(name).some((part) => languages.some((code) => isInflectedIn(code, word, part))),
  );
}

/**
 * Selects the mentions among overlapping names: longer names take precedence. The result is in the order of the text.
 * `length` is the length of the text.
 */
export function longestFirst<Name extends Span>(names: readonly Name[], length: number): Name[] {
  const covered = new Uint8Array(length);
  const sorted = [...names].sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start);
  const chosen = sorted.filter(({ start, end }) => {
    if (covered.subarray(start, end).includes(1)) return false;
    covered.fill(1, start, end);
    return true;
  });
  return chosen.sort((a, b) => a.start - b.start);
}

export const overlaps = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;

const ENDING = /^['’´`](?!s(?!\p{L}))\p{Ll}{1,5}(?!\p{L})/u;

/**
 * Returns the end of a name, including a case ending after an apostrophe ("Ankara'nın"). An English possessive ending
 * is not part of a mention.
 */
export function withCaseEnding(text: string, { start, end }: Span, language: string | undefined): number {
  const ending = ENDING.exec(text.slice(end, end + 8))?.[0];
  if (ending === undefined || language === "en" || language === "fr") return end;
  const whole = text.slice(start, end + ending.length);
  return withoutApostropheEnding(whole.split(/\s/u).at(-1)!) === whole.split(/\s/u).at(-1)
    ? end
    : end + ending.length;
}
