import type { Entity } from "../../src/core/index.js";
import { fold } from "../../src/names/index.js";
import type { Kind } from "./artists.js";

/** An entity without pictures, and the names of its icons, keyed by artist. */
export interface Pictograph {
  readonly kind: Kind;
  readonly entity: Entity;
  readonly icons: ReadonlyMap<string, string>;
}

/**
 * Selects the aliases from a list of names. Removes duplicates, spelling variants of the label, and names that are empty after
 * folding.
 */
export function aliasesOf(label: string, names: readonly string[]): string[] {
  const seen = new Set(["", fold(label)]);
  return names.filter((name) => {
    const folded = fold(name);
    return !seen.has(folded) && seen.add(folded);
  });
}

/** Words that are not names. */
const STOP_WORDS: ReadonlySet<string> = new Set(["and", "the", "for", "with", "of"]);

/** Returns the words of a name that can also be used as names: words with three or more letters. */
export function wordsOf(name: string): string[] {
  return name
    .split(/[^\p{L}\p{M}\p{N}’']+/u)
    .filter((word) => word.length >= 3 && !STOP_WORDS.has(word.toLowerCase()));
}

/** Converts a label to an icon name in the style of Iconify: `woman’s hat` gives `womans-hat`. */
export function slugOf(label: string): string {
  return label
    .normalize("NFKD")
    .replace(/[\p{M}'‘’“”.]/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
