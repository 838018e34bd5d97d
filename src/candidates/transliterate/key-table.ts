import { MAX_UNITS, maskOf, type Pattern } from "../pattern.js";
import { leastCommon, likeness } from "../score.js";

/** Keys of tokens, those of one length together. */
export interface KeyTable {
  /** Calls `found` with each token of which a key is as much like the pattern as `least`, and how much. */
  scan(pattern: Pattern, least: number, found: (token: number, likeness: number) => void): void;
}

interface Group {
  readonly tokens: number[];
  readonly units: number[];
  readonly masks: number[];
}

/** A table of the keys of tokens; a token may have several. */
export function createKeyTable(entries: Iterable<readonly [token: number, key: string]>): KeyTable {
  const groups: Group[] = [];
  for (const [token, text] of entries) {
    const key = text.slice(0, MAX_UNITS);
    groups[key.length] ??= { tokens: [], units: [], masks: [] };
    const { tokens, units, masks } = groups[key.length]!;
    const own = Uint16Array.from(key, (letter) => letter.charCodeAt(0));
    tokens.push(token);
    units.push(...own);
    masks.push(maskOf(own, 0, own.length));
  }
  const packed = groups.map(({ tokens, units, masks }) => ({
    tokens: Uint32Array.from(tokens),
    units: Uint16Array.from(units),
    masks: Uint32Array.from(masks),
  }));
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
