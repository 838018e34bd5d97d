import {
  type Agreement,
  comparisonOf,
  editDistance,
  fitOf,
  parseKnown,
  readingsOf,
  readKnownMention,
  scriptOf,
  withoutLegalForm,
  wordsOf,
} from "../../names/index.js";
import type { RankedEvidence } from "../model.js";

/** Fields of `Agreement`, as evidence for or against NIL. */
type AgreementParts = Partial<Readonly<Record<keyof Agreement, unknown>>>;

/** A comparison of a mention with the names of its first candidates. */
export interface NameComparison {
  /** The agreement with the first candidate. An absent field counts as 0. */
  readonly first: AgreementParts;
  /**
   * The first candidate's name score. It is raised to at least 0.95 if the complete names agree or are similar, or if
   * one is an acronym of the other. Otherwise, if the words sound alike in different scripts, it is raised to what it
   * would be in a single script.
   */
  readonly score: number;
  /**
   * Whether the mention has fewer than two words apart from titles, particles and suffixes. If the first candidate has
   * a name with the same letters, the words of its matched name count instead.
   */
  readonly oneWord: boolean;
  /** Number of other candidates whose names fit the mention about as well as the first candidate's names, or better. */
  readonly rivals: number;
  /**
   * The largest difference by which another candidate's names fit the mention better than the first candidate's names,
   * as measured by `fitOf`; 0 if none fit better.
   */
  readonly better: number;
}

/** Number of candidates to compare, in ranked order. */
const COMPARED = 10;
/** Maximum number of names to compare per candidate. */
const MAX_NAMES = 20;
/** A name fits about as well as another if its `fitOf` is lower by at most this value. */
const SAME_FIT = 0.15;

/** An agreement and how well the names fit, as `fitOf` computes it. */
interface Compared {
  readonly parts: AgreementParts;
  readonly fit: number;
  /**
   * Whether the names count as similar because of their letters or sounds as a whole, although their words do not
   * agree.
   */
  readonly isSimilar?: true;
}

/**
 * The results for a name with the same letters as the mention, for an acronym, and for names with no words in common.
 */
const EQUAL: Compared = { parts: { family: 1, given: 1, mention: 1, name: 1, exact: 1 }, fit: 5 };
const ACRONYM: Compared = { parts: { family: 1, mention: 1, name: 1 }, fit: 4 };
const DIFFERENT: Compared = { parts: {}, fit: 0 };

/** Minimum similarity at which two names that are compared as letters without spaces count as similar. */
const ALIKE = 0.8;
/** Minimum number of letters in each of two names that are compared as letters without spaces. */
const MIN_LETTERS = 8;
/** Minimum name score at which names in two scripts count as similar. */
const FOREIGN = 0.7;
/** Added to the name score of names in two scripts, because sounds never agree as well as letters. */
const FOREIGN_BONUS = 0.2;
/** The result for similar names, given their similarity. */
const similar = (share: number): Compared => ({
  parts: { family: share, given: share, mention: share, name: share, spellings: 1 },
  fit: 4 * share,
  isSimilar: true,
});

/** Similarity that `createWordReader` gives to words with the same sounds in two scripts. */
const SAME_SOUNDS = 0.95;
/** Minimum of `NameComparison.score` for names that agree. */
const AGREEING = 0.95;

/** Returns the edit similarity of two texts; 0 if either has fewer than `MIN_LETTERS` letters. */
const sameShare = (a: string, b: string): number =>
  Math.min(a.length, b.length) < MIN_LETTERS ? 0 : 1 - editDistance(a, b) / Math.max(a.length, b.length);

/**
 * Compares a mention with the names of its ranked candidates. Ignores accents, spaces and the damage that `readingsOf`
 * repairs.
 */
export function compareNames(mention: string, ranked: readonly RankedEvidence[]): NameComparison {
  const { parsed: main, reader } = readKnownMention(mention);
  /**
   * Returns the similarity of the mention and the candidate's matched name. If they are in different scripts, it is the
   * name score plus `FOREIGN_BONUS`, or 0 for a name score below `FOREIGN`. Otherwise, it is the similarity of their
   * letters without spaces, or 0 if this is below `ALIKE`.
   */
  const likeness = ({ matchedName, nameScore }: RankedEvidence["candidate"]): number => {
    if (scriptOf(matchedName) !== scriptOf(mention))
      return nameScore >= FOREIGN ? Math.min(1, nameScore + FOREIGN_BONUS) : 0;
    const letters = lettersOf(matchedName);
    const share = Math.max(0, ...[...spellings].map((own) => sameShare(own, letters)));
    return share >= ALIKE ? share : 0;
  };
  const spellings = new Set(
    readingsOf(mention)
      .map(lettersOf)
      .filter((letters) => letters !== ""),
  );
  /** Returns whether the words, joined without spaces, equal the mention, with or without a legal form at their end. */
  const hasLetters = (words: readonly string[]): boolean => {
    const bare = withoutLegalForm(words);
    return spellings.has(words.join("")) || (bare !== words && spellings.has(bare.join("")));
  };
  const compare = ({ candidate }: RankedEvidence): Compared => {
    const { entity } = candidate;
    const names = [entity.label, ...entity.aliases].slice(0, MAX_NAMES);
    const parts: Agreement | undefined = reader.agreement(names.map(parseKnown));
    if (parts !== undefined && parts.exact > 0) return { parts, fit: fitOf(parts) };
    if (names.some((name) => hasLetters(wordsOf(name)))) return EQUAL;
    if (parts !== undefined && parts.acronym > 0) return ACRONYM;
    const alike = parts === undefined || parts.mention < ALIKE ? likeness(candidate) : 0;
    if (alike > 0) return similar(alike);
    return parts === undefined ? DIFFERENT : { parts, fit: fitOf(parts) };
  };
  const [first = DIFFERENT, ...rest] = ranked.slice(0, COMPARED).map(compare);
  const { nameScore = 0, matchedName = "" } = ranked[0]?.candidate ?? {};
  const words = first === EQUAL && matchedName !== "" ? parseKnown(matchedName) : main;
  const foreign = first.parts.spellings === 1 ? factorAcross(mention, matchedName) : 1;
  const agrees = Number(first.parts.exact ?? 0) > 0 || first.parts === ACRONYM.parts || first.isSimilar;
  return {
    first: foreign < 1 ? inOneScript(first.parts) : first.parts,
    score: agrees ? Math.max(AGREEING, nameScore) : Math.min(1, nameScore / foreign),
    oneWord: words.parts.filter(({ kind }) => kind !== "particle").length < 2,
    rivals: rest.filter(({ fit }) => fit >= first.fit - SAME_FIT).length,
    better: rest.reduce((most, { fit }) => Math.max(most, fit - first.fit), 0),
  };
}

/**
 * Returns the factor by which the similarities of words are multiplied because the mention and the name are in
 * different scripts; 1 if the scripts are the same or unknown.
 */
function factorAcross(mention: string, name: string): number {
  const [own, other] = [scriptOf(mention), scriptOf(name)];
  if (own === undefined || other === undefined || own === other) return 1;
  return own === "other" || other === "other" ? 1 : comparisonOf(own, other).factor;
}

/**
 * Raises the agreement of two names with the same sounds in different scripts to what it would be in a single script,
 * because the calibration was fitted to names in a single script.
 */
const inOneScript = (parts: AgreementParts): AgreementParts => {
  const undo = (share: unknown): number => Math.min(1, Number(share ?? 0) / SAME_SOUNDS);
  return {
    ...parts,
    family: undo(parts.family),
    given: undo(parts.given),
    mention: undo(parts.mention),
    name: undo(parts.name),
  };
};

/** Returns a folded name without spaces. */
const lettersOf = (name: string): string => wordsOf(name).join("");
