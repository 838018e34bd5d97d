import type { Script } from "../core/index.js";
import { consonants } from "./consonants.js";
import { romanise } from "./romanise.js";

/**
 * How two words of different scripts are compared: by their sounds or, when one is Arabic, by their consonants. `least` is the
 * likeness below which they are not the same name, `factor` what a likeness then counts.
 */
export interface Comparison {
  readonly name: "sounds" | "consonants";
  readonly keys: (word: string) => readonly string[];
  readonly least: number;
  readonly factor: number;
}

const SOUNDS: Comparison = { name: "sounds", keys: romanise, least: 0.5, factor: 0.95 };
const CONSONANTS: Comparison = { name: "consonants", keys: consonants, least: 0.58, factor: 0.9 };

/** How words of two different scripts are compared. */
export function comparisonOf(one: Script, other: Script): Comparison {
  return one === "arabic" || other === "arabic" ? CONSONANTS : SOUNDS;
}

/** A folded name's words as they are compared, each by its first key; a word without one stays as it is. */
export function transliterated(name: string, { keys }: Comparison): string {
  return name
    .split(" ")
    .map((word) => keys(word)[0] ?? word)
    .join(" ");
}
