import { MAX_UNITS, type Pattern } from "./pattern.js";
import { createTexts } from "./text-index.js";

/** Keys of tokens. */
export interface KeyTable {
  /** Calls `found` with each token of which a key is as much like the pattern as `least`, and how much. */
  scan(pattern: Pattern, least: number, found: (token: number, likeness: number) => void): void;
}

/** A table of the keys of tokens; a token may have several. */
export function createKeyTable(entries: Iterable<readonly [token: number, key: string]>): KeyTable {
  const tokens: number[] = [];
  const keys: string[] = [];
  for (const [token, key] of entries) {
    tokens.push(token);
    keys.push(key.slice(0, MAX_UNITS));
  }
  const texts = createTexts({
    count: keys.length,
    length: (at) => keys[at]!.length,
    write: (at, units) => {
      for (let unit = 0; unit < keys[at]!.length; unit++) units[unit] = keys[at]!.charCodeAt(unit);
    },
  });
  return {
    scan: (pattern, least, found) =>
      texts.scan(
        pattern,
        () => least,
        (at, alike) => found(tokens[at]!, alike),
      ),
  };
}
