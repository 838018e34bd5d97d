import type { NameIndex } from "../../kb/store.js";
import { type Form, isInitial } from "../name.js";
import { nicknames } from "../nicknames.js";
import { Pattern } from "../pattern.js";
import { likeness, SCORE } from "../score.js";
import { likenessAcross } from "../transliterate/likeness-across.js";
import { romanise, scriptOfWord } from "../transliterate/romanise.js";

/** A word of the index that a mention's word may stand for. */
export interface Similar {
  readonly token: string;
  /** As in `SCORE`'s formula; below `SCORE.token` it counts nothing there, but whole names may still resemble each other. */
  readonly sim: number;
  /** How many entities have it. */
  readonly entities: number;
}

/** Words that resemble each other less are no way to find a name. */
const LOOSE = 0.42;

/** Words whose similar ones are kept. */
const CACHED = 20_000;

/** Looks words up in a server's dictionary, many at once. */
export interface SimilarWords {
  load(words: readonly string[]): Promise<void>;
  /** What is similar to a word that was loaded, the most similar first. */
  of(word: string): readonly Similar[];
}

export function createSimilarWords(index: NameIndex): SimilarWords {
  const known = new Map<string, readonly Similar[]>();
  const pattern = new Pattern();

  const load = async (words: readonly string[]): Promise<void> => {
    if (known.size > CACHED) known.clear();
    const missing = [...new Set(words)].filter((word) => !known.has(word));
    if (missing.length === 0) return;
    const related = new Map(missing.map((word) => [word, relatives(word)]));
    const readings = missing.flatMap(inLatin);
    const exact = [
      ...new Set([...readings, ...[...related.values()].flatMap((others) => [...others.keys()])]),
    ];
    const found = await index.tokens(exact, [...missing.filter((word) => !isInitial(word)), ...readings]);
    const counts = new Map(found.map(({ token, entities }) => [token, entities]));
    const texts = [...counts]
      .filter(([token]) => !/^[=~]/.test(token))
      .map(([token, entities]) => {
        const units = Uint16Array.from({ length: token.length }, (_, at) => token.charCodeAt(at));
        return { token, entities, units };
      });
    for (const [word, others] of related) {
      pattern.set(word);
      const similar: Similar[] = [];
      for (const { token, entities, units } of texts) {
        const alike =
          likenessAcross(word, token) ??
          (isInitial(word) ? 0 : likeness(pattern, units, 0, units.length, LOOSE));
        const sim = Math.max(alike, others.get(token) ?? 0);
        if (sim > 0) similar.push({ token, sim, entities });
      }
      known.set(
        word,
        similar.sort((a, b) => b.sim - a.sim || (a.token < b.token ? -1 : 1)),
      );
    }
  };
  return { load, of: (word) => known.get(word) ?? [] };
}

/** How a word of another script may be written in Latin letters: so a server finds Latin names for it, though not the reverse. */
function inLatin(word: string): readonly string[] {
  return isInitial(word) || scriptOfWord(word) === "latin" ? [] : romanise(word);
}

/** A word and what it is related to whatever their letters: its other forms, and its initial. */
function relatives(word: string): ReadonlyMap<string, number> {
  const related = new Map<string, number>();
  if (!isInitial(word)) {
    if (isInitial(word.slice(0, 1))) related.set(word.slice(0, 1), SCORE.initial);
    for (const other of nicknames(word)) related.set(other, SCORE.nickname);
  }
  return related.set(word, 1);
}

/** The words of forms. */
export function wordsOf(forms: readonly Form[]): string[] {
  return forms.flatMap(({ tokens }) => tokens);
}
