import { isInitial } from "../name.js";
import { Pattern } from "../pattern.js";
import { likeness } from "../score.js";
import { comparisonOf } from "./compare.js";
import { scriptOfWord } from "./romanise.js";

const pattern = new Pattern();

/**
 * sim of two folded words of different scripts, in [0, 1); undefined when they are of one script, or of one that is not
 * transliterated.
 */
export function likenessAcross(word: string, other: string): number | undefined {
  const [one, two] = [scriptOfWord(word), scriptOfWord(other)];
  if (one === undefined || two === undefined || one === two) return undefined;
  if (isInitial(word) || isInitial(other)) return 0;
  const { keys, least, factor } = comparisonOf(one, two);
  let most = 0;
  const others = keys(other).map((key) => Uint16Array.from(key, (letter) => letter.charCodeAt(0)));
  for (const key of keys(word)) {
    pattern.set(key);
    for (const units of others) most = Math.max(most, likeness(pattern, units, 0, units.length, least));
  }
  return factor * most;
}
