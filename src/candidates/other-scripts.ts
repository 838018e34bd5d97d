import {
  type Comparison,
  comparisonOf,
  isInitial,
  type Script,
  scriptOfLetter,
  scriptOfWord,
} from "../names/index.js";
import { createKeyTable, type KeyTable } from "./key-table.js";
import { Pattern } from "./pattern.js";

/** The tokens of an index as this sees them. */
export interface Words {
  readonly count: number;
  /** First code unit of a token. */
  readonly first: (token: number) => number;
  readonly text: (token: number) => string;
}

/** Finds the tokens of other scripts that may be the same name as a word. */
export interface OtherScripts {
  /** Calls `found` with each of them, and its sim in (0, 1). */
  similar(word: string, found: (token: number, sim: number) => void): void;
}

/**
 * Keys are made of the tokens of one script when a word of another first asks for them, so that a knowledge base and captions
 * in one script pay nothing.
 */
export function createOtherScripts(words: Words): OtherScripts {
  let pattern: Pattern | undefined;
  const tables = new Map<string, KeyTable>();
  let scripts: ReadonlySet<Script> | undefined;

  const present = (): ReadonlySet<Script> => {
    const found = new Set<Script>();
    for (let token = 0; token < words.count; token++) found.add(scriptOfLetter(words.first(token)));
    return found;
  };

  function* entries(script: Script, { keys }: Comparison): Generator<[number, string]> {
    for (let token = 0; token < words.count; token++) {
      if (scriptOfLetter(words.first(token)) !== script) continue;
      const text = words.text(token);
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
      scripts ??= present();
      pattern ??= new Pattern();
      for (const script of scripts) {
        if (script === own || script === "other") continue;
        const comparison = comparisonOf(own, script);
        const table = tableOf(script, comparison);
        for (const key of comparison.keys(word)) {
          pattern.set(key);
          table.scan(pattern, comparison.least, (token, alike) => found(token, comparison.factor * alike));
        }
      }
    },
  };
}
