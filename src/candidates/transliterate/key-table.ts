import { MAX_UNITS, maskOf, type Pattern } from "../pattern.js";
import { leastCommon, likeness } from "../score.js";

/** Keys of tokens, those of one length together. */
export interface KeyTable {
  /** Calls `found` with each token of which a key is as much like the pattern as `least`, and how much. */
  scan(pattern: Pattern, least: number, found: (token: number, likeness: number) => void): void;
}

/** A table of the keys of tokens; a token may have several. */
export function createKeyTable(entries: Iterable<readonly [token: number, key: string]>): KeyTable {
  const groups: { readonly tokens: number[]; readonly keys: string[] }[] = [];
  for (const [token, text] of entries) {
    const key = text.slice(0, MAX_UNITS);
    groups[key.length] ??= { tokens: [], keys: [] };
    groups[key.length]!.tokens.push(token);
    groups[key.length]!.keys.push(key);
  }
  const packed = groups.map(({ tokens, keys }, length) => {
    const all = keys.join("");
    const units = Uint16Array.from({ length: all.length }, (_, at) => all.charCodeAt(at));
    const masks = Uint32Array.from(tokens, (_, at) => maskOf(units, at * length, (at + 1) * length));
    return { tokens: Uint32Array.from(tokens), units, masks };
  });
  return {
    scan(pattern, least, found) {
      packed.forEach(({ tokens, units, masks }, length) => {
        const common = leastCommon(pattern.length, length, least, true);
        if (common > Math.min(pattern.length, length)) return;
        for (let at = 0; at < tokens.length; at++) {
          const start = at * length;
          const alike = likeness(pattern, units, start, start + length, masks[at]!, least);
          if (alike > 0) found(tokens[at]!, alike);
        }
      });
    },
  };
}
