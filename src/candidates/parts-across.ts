import type { NameScores } from "../core/index.js";
import { comparisonOf, scriptOfLetter, transliterated } from "../names/index.js";
import { Pattern } from "./pattern.js";
import { partsOf } from "./score.js";

const pattern = new Pattern();

/**
 * The parts of the likeness of a folded name and of `units[0, length)` when they are of different scripts: of their sounds or
 * consonants. Undefined when they are of one script, or of one that is not transliterated.
 */
export function partsAcross(name: string, units: Uint16Array, length: number): NameScores | undefined {
  const [one, other] = [scriptOfLetter(name.charCodeAt(0)), scriptOfLetter(units[0]!)];
  if (one === other || one === "other" || other === "other") return undefined;
  const comparison = comparisonOf(one, other);
  pattern.set(transliterated(name, comparison));
  const text = transliterated(String.fromCharCode(...units.subarray(0, length)), comparison);
  return partsOf(
    pattern,
    Uint16Array.from(text, (letter) => letter.charCodeAt(0)),
    0,
    text.length,
  );
}
