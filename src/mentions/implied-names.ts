import type { Caption, CaptionCandidates, Mention } from "../core/index.js";
import {
  AND_WORDS,
  createNameReader,
  KIN_WORDS,
  type ParsedName,
  parseKnown,
  parseName,
  wordsOf,
} from "../names/index.js";

/** Maximum number of words between the names of two relatives; three in "Andrew Wyeth and his son James". */
const MAX_BETWEEN = 4;
/** Maximum number of first names that share a family name. */
const MAX_JOINED = 6;

/**
 * A full name that a caption implies for one of its mentions. `mention` contains the full name and the position of the
 * original mention.
 */
export interface ImpliedName {
  /** Index of the mention. */
  readonly index: number;
  readonly mention: Mention;
}

/**
 * Returns the full names that a caption implies for mentions with a span: "Robert Capa" for "Robert" in "Robert and
 * Cornell Capa", and "James Wyeth" for "James" in "Andrew Wyeth and his son James". A name may be wrong: "Pollock and
 * Lee Krasner" implies "Pollock Krasner". `withFullNames` uses only the names in the knowledge base.
 */
export function impliedNames({ text, mentions }: Pick<Caption, "text" | "mentions">): ImpliedName[] {
  const placed = mentions
    .map((mention, index) => ({ index, mention, parsed: parseName(mention.text) }))
    .filter(({ mention }) => mention.span !== undefined)
    .sort((a, b) => a.mention.span!.start - b.mention.span!.start);
  return placed.flatMap(({ index, mention, parsed }, place) => {
    if (!isSingle(parsed)) return [];
    const family = familyAfter(text, placed, place) ?? familyOfRelative(text, placed, place);
    const { gold: _, ...own } = mention;
    return family === undefined ? [] : { index, mention: { ...own, text: `${mention.text} ${family}` } };
  });
}

/**
 * Replaces mentions with the implied names that the knowledge base contains, and the mentions' candidates with the
 * candidates of these names. `candidates[i]` are the candidates of `implied[i]`.
 */
export function withFullNames(
  input: CaptionCandidates,
  implied: readonly ImpliedName[],
  candidates: CaptionCandidates["candidates"],
): CaptionCandidates {
  const known = implied
    .map((name, i) => ({ ...name, candidates: candidates[i] ?? [] }))
    .filter(({ mention, candidates: list }) => {
      const reader = createNameReader(parseName(mention.text));
      return list.some(({ matchedName }) => reader.agreement([parseKnown(matchedName)])?.exact === 1);
    });
  if (known.length === 0) return input;
  const byIndex = new Map(known.map((name) => [name.index, name]));
  return {
    caption: {
      ...input.caption,
      mentions: input.caption.mentions.map((mention, index) => byIndex.get(index)?.mention ?? mention),
    },
    candidates: input.candidates.map((list, index) => byIndex.get(index)?.candidates ?? list),
  };
}

interface Placed {
  readonly mention: Mention;
  readonly parsed: ParsedName;
}

const isSingle = ({ parts, generation }: ParsedName): boolean =>
  parts.length === 1 && parts[0]!.word.length > 1 && generation === undefined;

/**
 * Returns the family name of the full name that ends a list of first names: "Capa" in "Anna, Robert and Cornell Capa".
 * Returns undefined if the mention is not in such a list.
 */
function familyAfter(text: string, placed: readonly Placed[], place: number): string | undefined {
  for (let next = place + 1; next < Math.min(placed.length, place + MAX_JOINED); next++) {
    const between = wordsBetween(text, placed[next - 1]!.mention, placed[next]!.mention);
    const isLast = between?.length === 1 && AND_WORDS.has(between[0]!);
    if (between === undefined || (between.length > 0 && !isLast)) return undefined;
    if (!isSingle(placed[next]!.parsed)) return isLast ? familyOf(placed[next]!.parsed) : undefined;
  }
  return undefined;
}

/**
 * If a word for a relative connects the first name with the full name before or after it, returns the family name of
 * that full name: "Wyeth" for "James" in "Andrew Wyeth and his son James". Otherwise returns undefined.
 */
function familyOfRelative(text: string, placed: readonly Placed[], place: number): string | undefined {
  for (const other of [placed[place - 1], placed[place + 1]]) {
    if (other === undefined) continue;
    const pair = other === placed[place - 1] ? [other, placed[place]!] : [placed[place]!, other];
    const between = wordsBetween(text, pair[0]!.mention, pair[1]!.mention);
    const isRelative =
      between !== undefined &&
      between.length <= MAX_BETWEEN &&
      between.some((word, index) => KIN_WORDS.has(word) || KIN_WORDS.has(between.slice(index).join(" ")));
    if (isRelative) return familyOf(other.parsed);
  }
  return undefined;
}

/** Returns the folded words between two mentions; undefined if they overlap or a clause ends between them. */
function wordsBetween(text: string, first: Mention, second: Mention): readonly string[] | undefined {
  const between = text.slice(first.span!.end, second.span!.start);
  if (first.span!.end > second.span!.start || /[.!?;:]\s/u.test(between)) return undefined;
  const words = wordsOf(between);
  return words.length === 0 && between.includes("&") ? ["and"] : words;
}

/** Returns the family name at the end of a name with other words before it; undefined for any other name. */
function familyOf({ parts }: ParsedName): string | undefined {
  const start = parts.findIndex(({ kind }, index) => index > 0 && kind !== "given" && kind !== "initial");
  if (start < 0 || parts.at(-1)!.kind !== "family") return undefined;
  return parts
    .slice(start)
    .map(({ word, kind }) => (kind === "particle" ? word : `${word[0]!.toUpperCase()}${word.slice(1)}`))
    .join(" ");
}
