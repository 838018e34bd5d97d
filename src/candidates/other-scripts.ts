import type { NameScores } from "../core/index.js";
import {
  type Comparison,
  comparisonOf,
  isInitial,
  type Script,
  scriptOfLetter,
  scriptOfWord,
  similarityAcross,
  transliterated,
} from "../names/index.js";
import { MAX_UNITS, Pattern } from "./pattern.js";
import { partsOf } from "./score.js";
import { createTextIndex } from "./text-index.js";

/** The tokens of an index. */
export interface TokenList {
  readonly count: number;
  /** Returns the first code unit of a token. */
  readonly first: (token: number) => number;
  readonly text: (token: number) => string;
}

/** Finds tokens in other scripts that may spell the same name as a word. */
export interface OtherScripts {
  /** Calls `found` once for each matching token, with its sim (see `SCORE`), in (0, 1). */
  similar(word: string, found: (token: number, sim: number) => void): void;
}

/**
 * Creates a search that compares words of different scripts by keys in a common alphabet (see `comparisonOf`). The keys of a
 * script's tokens are computed when a word in another script is first looked up. There is almost no cost if the knowledge
 * base and the captions use a single script.
 */
export function createOtherScripts(tokens: TokenList): OtherScripts {
  let pattern: Pattern | undefined;
  const tables = new Map<string, KeyTable>();
  let scripts: ReadonlySet<Script> | undefined;

  const scriptsPresent = (): ReadonlySet<Script> => {
    const found = new Set<Script>();
    for (let token = 0; token < tokens.count; token++) found.add(scriptOfLetter(tokens.first(token)));
    return found;
  };

  function* entries(script: Script, { keys }: Comparison): Generator<[number, string]> {
    for (let token = 0; token < tokens.count; token++) {
      if (scriptOfLetter(tokens.first(token)) !== script) continue;
      const text = tokens.text(token);
      if (!isInitial(text)) for (const key of keys(text)) yield [token, key];
    }
  }

  const tableOf = (script: Script, comparison: Comparison): KeyTable => {
    const name = `${script} ${comparison.name}`;
    const table = tables.get(name) ?? createKeyTable(entries(script, comparison));
    tables.set(name, table);
    return table;
  };

  return {
    similar(word, found) {
      const own = scriptOfWord(word);
      if (own === undefined) return;
      scripts ??= scriptsPresent();
      pattern ??= new Pattern();
      for (const script of scripts) {
        if (script === own || script === "other") continue;
        const comparison = comparisonOf(own, script);
        const table = tableOf(script, comparison);
        const alike = new Set<number>();
        for (const key of comparison.keys(word)) {
          pattern.set(key);
          table.scan(pattern, comparison.least, (token) => alike.add(token));
        }
        for (const token of alike) {
          const sim = similarityAcross(word, tokens.text(token), comparison);
          if (sim > 0) found(token, sim);
        }
      }
    },
  };
}

interface KeyTable {
  /** For each key whose `likeness` to the pattern is at least `least`, calls `found` with the token of the key. */
  scan(pattern: Pattern, least: number, found: (token: number) => void): void;
}

/** Creates a table of keys. Each entry contains a token and one of its keys. */
function createKeyTable(entries: Iterable<readonly [token: number, key: string]>): KeyTable {
  const tokens: number[] = [];
  const keys: string[] = [];
  for (const [token, key] of entries) {
    tokens.push(token);
    keys.push(key.slice(0, MAX_UNITS));
  }
  const texts = createTextIndex({
    count: keys.length,
    length: (index) => keys[index]!.length,
    write: (index, units) => {
      for (let unit = 0; unit < keys[index]!.length; unit++) units[unit] = keys[index]!.charCodeAt(unit);
    },
  });
  return {
    scan: (pattern, least, found) =>
      texts.scan(
        pattern,
        () => least,
        (index) => found(tokens[index]!),
      ),
  };
}

const sharedPattern = new Pattern();

/**
 * Compares a folded name with `units[0, length)` by consonants if one of them is in Arabic script, otherwise by sounds.
 * Returns the three parts of their likeness (see `partsOf`), or undefined if both have the same script or one of the scripts
 * is not transliterated.
 */
export function partsAcrossScripts(name: string, units: Uint16Array, length: number): NameScores | undefined {
  const [own, other] = [scriptOfLetter(name.charCodeAt(0)), scriptOfLetter(units[0]!)];
  if (own === other || own === "other" || other === "other") return undefined;
  const comparison = comparisonOf(own, other);
  sharedPattern.set(transliterated(name, comparison));
  const text = transliterated(String.fromCharCode(...units.subarray(0, length)), comparison);
  return partsOf(
    sharedPattern,
    Uint16Array.from(text, (letter) => letter.charCodeAt(0)),
    0,
    text.length,
  );
}
