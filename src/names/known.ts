import { createNameReader, type NameReader } from "./agree.js";
import { type ParsedName, parseMention, parseName } from "./parse.js";
import { remembered } from "./remembered.js";

/** Maximum number of names to cache: more than the number of names in Wikidata-MEL. */
const NAMES = 40_000;
/** Maximum number of mentions to cache: several batches. */
const MENTIONS = 256;

/** Parses a name like `parseName`. Caches the results, because several stages compare the same names. */
export const parseKnown: (name: string) => ParsedName = remembered(NAMES, (name) => parseName(name));

/** A mention, parsed by `parseMention`, and the reader that compares it with names. */
export interface KnownMention {
  readonly parsed: ParsedName;
  readonly reader: NameReader;
}

/** Parses a mention and creates its reader. Caches the results, because several stages compare the same mention. */
export const readKnownMention: (mention: string) => KnownMention = remembered(MENTIONS, (mention) => {
  const parsed = parseMention(mention);
  return { parsed, reader: createNameReader(parsed) };
});
