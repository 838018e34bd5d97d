import type { Span } from "../core/index.js";
import { AND_WORDS, kindOfEntity, readingsOf } from "../names/index.js";
import { type Facts, indexByWord } from "./facts.js";
import { isNameParticle, isParticle } from "./particles.js";
import { spanOf } from "./runs.js";
import type { Word } from "./words.js";

/**
 * Minimum name scores of a similar name in the knowledge base: for the full name of a first name before "and", for an
 * inverted name, for a handle, and for an Arabic name.
 */
const MIN_SCORE = { firstName: 0.97, inverted: 0.75, handle: 0.8, uncased: 0.8 } as const;

/**
 * Returns the first names that share the family name of a mention, such as "Josef" in "Josef and Anni Albers", if the
 * knowledge base contains the full name ("Josef Albers").
 */
export async function firstNames(spans: readonly Span[], { view, similar }: Facts): Promise<Span[]> {
  const taken = indexByWord(view.words, spans);
  const found: Span[] = [];
  for (const [at, word] of view.words.entries()) {
    const [and, next, last] = view.words.slice(at + 1, at + 4);
    const name = next && taken.get(next);
    if (!word.capital || taken.has(word) || !and || !AND_WORDS.has(and.folded) || !name || !last) continue;
    if (name.start !== next.start || taken.get(last) !== name) continue;
    const candidate = await similar.best(`${word.text} ${view.text.slice(next.end, name.end).trim()}`);
    if (
      candidate &&
      candidate.nameScore >= MIN_SCORE.firstName &&
      kindOfEntity(candidate.entity) !== "organisation"
    )
      found.push({ start: word.start, end: word.end });
  }
  return found;
}

/** Maximum number of words after the comma of an inverted name. */
const MAX_INVERTED = 4;

/**
 * Returns the given spans. For a family name with a comma and given names after it ("Lindqvist, Hanna", "Horst, J. van
 * der"), also returns the span of the complete inverted name if it is similar to a name of the knowledge base.
 */
export async function invertedNames(
  spans: readonly Span[],
  { view, similar, isName, known }: Facts,
): Promise<Span[]> {
  const isGiven = (word: Word): boolean => word.capital && isName(word) && !known.has(word);
  const found: Span[] = [];
  for (const span of spans) {
    const at = view.indexAt(span.end);
    const first = view.words[at];
    const family = view.text.slice(span.start, span.end);
    found.push(span);
    const own = view.words.slice(view.indexAt(span.start), at);
    const isFamily = own.every(
      (word) => known.get(word)?.kind === "family" || isNameParticle(word, undefined),
    );
    if (first === undefined || !isFamily || view.text.slice(span.end, first.start) !== ", ") continue;
    if (!first.initial && !isGiven(first)) continue;
    const words = [first];
    for (const word of view.words.slice(at + 1, at + MAX_INVERTED)) {
      const gap = view.text.slice(words.at(-1)!.end, word.start);
      if (!/^\.?\s?$/u.test(gap) || !(word.initial || isParticle(word) || isGiven(word))) break;
      words.push(word);
    }
    const { end } = spanOf([...own, ...words], view.text);
    const candidate = await similar.best(`${view.text.slice(first.start, end)} ${family}`);
    if (candidate && candidate.nameScore >= MIN_SCORE.inverted) found.push({ start: span.start, end });
  }
  return found;
}

const HANDLE = /(?<![\p{L}\p{N}@#])([#@])([\p{L}\p{N}][\p{L}\p{M}\p{N}_.]{2,60}(?<!\.))/gu;

/**
 * Returns the spans of handles and hashtags that are similar to a name of the knowledge base. The span of the handle
 * "@HannaLindqvist" does not include the "@"; the span of a hashtag includes the "#".
 */
export async function handles({ view, similar }: Facts): Promise<Span[]> {
  const found: Span[] = [];
  for (const { 0: whole, 1: sign, 2: handle, index } of view.text.matchAll(HANDLE)) {
    const candidate = await similar.best(readingsOf(whole).at(-1)!);
    const start = sign === "@" ? index + whole.length - handle!.length : index;
    if (candidate && candidate.nameScore >= MIN_SCORE.handle)
      found.push({ start, end: index + whole.length });
  }
  return found;
}

/**
 * Returns the spans of pairs of neighbouring Arabic words that are similar to a name of the knowledge base. That name
 * may be in another script.
 */
export async function uncasedNames({ view, similar, known }: Facts): Promise<Span[]> {
  const found: Span[] = [];
  for (const [at, word] of view.words.entries()) {
    const next = view.words[at + 1];
    if (next === undefined || ![word, next].every(({ text }) => /^\p{sc=Arabic}{3}/u.test(text))) continue;
    if ([word, next].some((part) => known.has(part) || view.isUsual(part.folded))) continue;
    if ((found.at(-1)?.end ?? 0) > word.start || view.text.slice(word.end, next.start) !== " ") continue;
    const span = { start: word.start, end: next.end };
    if ((await similar.fit(view.text.slice(span.start, span.end))) >= MIN_SCORE.uncased) found.push(span);
  }
  return found;
}
