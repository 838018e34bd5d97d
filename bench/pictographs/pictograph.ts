import type { Entity } from "../../src/core/index.js";
import { fold } from "../../src/names/index.js";
import type { Kind } from "./artists.js";

/** An entity before it has a picture, and what its drawing is called in the set of each artist who drew it. */
export interface Pictograph {
  readonly kind: Kind;
  readonly entity: Entity;
  readonly icons: ReadonlyMap<string, string>;
}

/** Other names of an entity: each once, none that is its label in another spelling, none that folds to nothing. */
export function aliasesOf(label: string, names: readonly string[]): string[] {
  const seen = new Set(["", fold(label)]);
  return names.filter((name) => {
    const folded = fold(name);
    return !seen.has(folded) && seen.add(folded);
  });
}

/** Words that name nothing by themselves. */
const EMPTY: ReadonlySet<string> = new Set(["and", "the", "for", "with", "of"]);

/** The words of a name that may stand for the whole: three letters or more. */
export function wordsOf(name: string): string[] {
  return name
    .split(/[^\p{L}\p{M}\p{N}’']+/u)
    .filter((word) => word.length >= 3 && !EMPTY.has(word.toLowerCase()));
}

/** The name under which Iconify files a label: `woman’s hat` is `womans-hat`. */
export function slugOf(label: string): string {
  return label
    .normalize("NFKD")
    .replace(/[\p{M}'‘’“”.]/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
