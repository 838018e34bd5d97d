import type { Candidate, CaptionCandidates, Mention, Span } from "../../core/index.js";
import {
  createNameReader,
  type EntityKind,
  impliedSex,
  kindOfEntity,
  kindOfType,
  type NameParts,
  type ParsedName,
  parseKnown,
  type Sex,
  sexOfEntity,
  wordsOf,
} from "../../names/index.js";
import { isThing } from "./surroundings.js";
import { overlaps, readWords, type WordedCaption } from "./text-words.js";

/** Facts about the mentions of one caption. The functions take the index of a mention. */
export interface NameFacts {
  readonly mentions: readonly Mention[];
  readonly worded: WordedCaption;
  readonly names: readonly ParsedName[];
  /** Those of the best candidates whose name agrees with the mention (see `COMPARED` and `FITTING`). */
  readonly fitting: (index: number) => readonly Candidate[];
  /** Candidates with a name that is the same as the mention. */
  readonly exact: (index: number) => readonly Candidate[];
  /** Whether the mention may be the name of a person. */
  readonly mayBePerson: (index: number) => boolean;
  /** Sex according to a title, the fitting entities, or the given name. */
  readonly sex: (index: number) => Sex | undefined;
  /** Whether the matched name of one of the mention's candidates contains all these words. */
  readonly isKnown: (index: number, ...words: readonly string[]) => boolean;
  /** Whether a longer mention overlaps the mention. */
  readonly isInsideLonger: (index: number) => boolean;
}

/** Number of a mention's best candidates that are compared with its name. */
const COMPARED = 10;
/** Minimum name score at which a candidate's name counts as the same as the mention. */
export const EXACT = 0.999;
/**
 * Minimum shares of a mention's words, and of the words in a candidate's name, that must agree for the candidate to
 * fit.
 */
const FITTING = { mention: 0.9, name: 0.6 } as const;

export function createNameFacts(
  { caption, candidates }: CaptionCandidates,
  names: readonly ParsedName[],
): NameFacts {
  const { mentions } = caption;
  const worded = readWords(caption);
  const exact = cached((index) => candidates[index]!.filter(({ nameScore }) => nameScore >= EXACT));
  const fitting = cached((index) => {
    const reader = createNameReader(names[index]!);
    return candidates[index]!.slice(0, COMPARED).filter(({ nameScore, matchedName }) => {
      if (nameScore >= EXACT) return true;
      const found = reader.agreement([parseKnown(matchedName)]);
      return (
        found !== undefined &&
        found.mention >= FITTING.mention &&
        found.name >= FITTING.name &&
        found.otherGeneration === 0
      );
    });
  });
  const nameWords = cached((index) => candidates[index]!.map(({ matchedName }) => wordsOf(matchedName)));
  return {
    mentions,
    worded,
    names,
    exact,
    fitting,
    mayBePerson: cached((index) => mayBePerson(mentions[index]!, names[index]!, fitting(index))),
    sex: cached((index) => sexOf(names[index]!, fitting(index))),
    isKnown: (index, ...words) => nameWords(index).some((name) => words.every((word) => name.includes(word))),
    isInsideLonger: (index) => {
      const place = worded.places[index]!;
      return worded.places.some((other) => overlaps(place)(other) && lengthOf(other!) > lengthOf(place));
    },
  };
}

const lengthOf = ({ start, end }: Span): number => end - start;

function cached<T>(compute: (index: number) => T): (index: number) => T {
  const values = new Map<number, T>();
  return (index) => {
    if (!values.has(index)) values.set(index, compute(index));
    return values.get(index)!;
  };
}

const kindOfMention = (type: string | undefined): EntityKind | undefined =>
  type === undefined ? undefined : kindOfType(type);

/** Returns whether the type of a mention is a kind other than person. */
export function isOtherType(type: string | undefined): boolean {
  const kind = kindOfMention(type);
  return kind !== undefined && kind !== "person";
}

/**
 * Returns whether a name may be a person's name. The kind of the mention's type decides, even against the entities: a
 * person who is not in the knowledge base may have the name of a film. Without it, the fitting entities decide: one
 * person among them is enough, and only entities of other kinds rule it out. If they do not decide, a name with "of",
 * "the" or a word for a place or organisation ("Lake", "Museum") is not a person's.
 */
function mayBePerson({ type }: Mention, { parts }: NameParts, fitting: readonly Candidate[]): boolean {
  const typed = kindOfMention(type);
  if (typed !== undefined) return typed === "person";
  const kinds = fitting.map(({ entity }) => kindOfEntity(entity));
  if (kinds.includes("person")) return true;
  if (kinds.length > 0 && !kinds.includes(undefined)) return false;
  return !parts.some(({ word }) => word === "of" || word === "the" || isThing(word));
}

function sexOf(name: ParsedName, fitting: readonly Candidate[]): Sex | undefined {
  if (name.sex !== undefined) return name.sex;
  const sexes = new Set(
    fitting.map(({ entity }) => sexOfEntity(entity) ?? impliedSex(parseKnown(entity.label))),
  );
  const [sex] = sexes;
  return sexes.size === 1 && sex !== undefined ? sex : impliedSex(name);
}
