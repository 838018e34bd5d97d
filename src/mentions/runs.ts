import type { Span } from "../core/index.js";
import { fold, GIVEN_NAME_TITLES, impliesPerson, JUNIOR, MAIDEN_MARKERS, SENIOR } from "../names/index.js";
import { isParticle, isTitle } from "./particles.js";
import { isCaptionWord } from "./usual-words.js";
import type { View } from "./view.js";
import type { Word } from "./words.js";

/** Words of a text that may belong to one name: capitalised words and initials, with particles between them. */
export type Run = readonly Word[];

/**
 * Separators allowed inside a name: up to three spaces, a full stop with or without such spaces, a hyphen, or nothing
 * ("J.R.").
 */
const WITHIN_NAME = /^(?:\.?[^\S\r\n]{1,3}|\.|[-‐‑]|)$/u;
/** Maximum number of words in a run. */
const MAX_RUN = 12;

/** Returns whether a word is a form of address or a rank, such as "Dr.", and no given name. */
const isAddress = ({ folded }: Word): boolean =>
  isTitle(folded) && impliesPerson(folded) && !GIVEN_NAME_TITLES.has(folded);

/**
 * Divides a text into runs. A run neither begins nor ends with a particle. A title after a particle begins a run:
 * "Praxis", "Dr. Stein" in "Praxis von Dr. Stein".
 */
export function runsOf({ text, words }: View): Run[] {
  const runs: Word[][] = [];
  let run: Word[] = [];
  const close = (): void => {
    const last = run.findLastIndex((word) => !isParticle(word));
    if (last >= 0) runs.push(run.slice(0, last + 1));
    run = [];
  };
  for (const [at, word] of words.entries()) {
    const last = run.at(-1);
    const gap = last === undefined ? "" : text.slice(last.end, word.start);
    const ended =
      last !== undefined && (!WITHIN_NAME.test(gap) || last.possessive || (word.first && gap.includes(".")));
    const addressed = last !== undefined && isParticle(last) && words[at + 1]?.capital && isAddress(word);
    if (ended || addressed || run.length === MAX_RUN) close();
    if (word.capital || (run.length > 0 && isParticle(word))) run.push(word);
    else close();
  }
  close();
  return runs;
}

/**
 * Removes particles and words that cannot belong to a name from both ends of a run. At the start, these are titles and
 * common words, including words for roles (see `View.isAddition`). At the end, they are the same common words in
 * German, but only caption words and the names of months and days in other languages, because "Oxford University" is a
 * different name from "Oxford". A generation at the end is removed, too; `withAdditions` finds it again.
 */
export function trimmed(run: Run, view: View, isName: (word: Word) => boolean): Run {
  const isOutside = (word: Word, isOther: (word: string) => boolean): boolean =>
    isParticle(word) || (!word.initial && !isName(word) && isOther(word.folded));
  const from = run.findIndex(
    (word, index) =>
      !isOutside(word, (folded) => (isTitle(folded) ? index < run.length - 1 : view.isAddition(folded))),
  );
  const isAfter = (folded: string): boolean =>
    JUNIOR.has(folded) ||
    SENIOR.has(folded) ||
    (view.language === "de" ? view.isAddition : isCaptionWord)(folded);
  const to = run.findLastIndex((word) => !isOutside(word, isAfter));
  return from < 0 || to < from ? [] : run.slice(from, to + 1);
}

/** Returns the span of the words. If several words end with an initial, the span includes its full stop. */
export function spanOf(words: Run, text: string): Span {
  const last = words.at(-1)!;
  const stop = last.initial && words.length > 1 && text[last.end] === "." ? 1 : 0;
  return { start: words[0]!.start, end: last.end + stop };
}

const NEXT = /^,?[^\S\r\n]+([\p{L}\p{N}]+(?:\.|(?![\p{L}\p{N}])))(?:[^\S\r\n]+([\p{L}]+\.?))?/u;
const ROMAN = /^(?:[IVX]{2,5}|V)$/u;
const ORDINAL = /^[2-5](?:nd|rd|th)$/u;

/** Returns the end of a name, including a generation after it: "Jr.", "III", "the Younger". */
function withGeneration(text: string, end: number): number {
  const [, first, second] = NEXT.exec(text.slice(end, end + MAX_ADDITION)) ?? [];
  if (first === undefined) return end;
  const isGeneration = (phrase: string): boolean => {
    const folded = fold(phrase);
    return JUNIOR.has(folded) || SENIOR.has(folded);
  };
  if (second !== undefined && isGeneration(`${first} ${second}`))
    return text.indexOf(second, end) + second.length;
  const alone =
    ROMAN.test(first) || ORDINAL.test(first) || (/^\p{Lu}|\.$/u.test(first) && isGeneration(first));
  return alone ? text.indexOf(first, end) + first.length : end;
}

/** Maximum number of characters after a name that are read for a generation or a maiden name. */
const MAX_ADDITION = 60;
const MAIDEN = /^,?\s*[([]?(\p{Ll}+\.?(?: \p{Ll}+)?)\s+(\p{Lu}[\p{L}\p{M}’'-]+)[)\]]?/u;

/** Returns the end of a name, including a maiden name after it: "née Jones", "(geb. Weber)". */
function withMaidenName(text: string, end: number): number {
  const [whole, marker, name] = MAIDEN.exec(text.slice(end, end + MAX_ADDITION)) ?? [];
  if (whole === undefined || marker === undefined || name === undefined) return end;
  return MAIDEN_MARKERS.has(fold(marker)) ? end + whole.length : end;
}

/** Returns the end of a name, including a generation and a maiden name after it. */
export const withAdditions = (text: string, end: number): number =>
  withMaidenName(text, withGeneration(text, end));
