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

/** The fields of `Agreement` that are evidence for or against NIL. */
type AgreementParts = Partial<Readonly<Record<keyof Agreement, unknown>>>;

/** A comparison of a mention with the names of its first candidates. */
export interface NameComparison {
  /** The agreement with the first candidate. An absent field counts as 0. */
  readonly first: AgreementParts;
  /**
   * The first candidate's name score; at least 0.95 if the complete names agree or are similar, or if one is an acronym
   * of the other. If only some words agree, by their sounds in two scripts, the score is raised to that of names in one
   * script.
   */
  readonly score: number;
  /** Whether the mention has fewer than two words apart from titles, particles and suffixes. */
  readonly oneWord: boolean;
  /** Number of other candidates whose names fit the mention about as well as the first candidate's names. */
  readonly rivals: number;
  /** How much better the names of another candidate fit the mention; 0 if the first candidate's names fit best. */
  readonly better: number;
}

/** Number of candidates to compare, in ranked order. */
const COMPARED = 10;
/** Maximum number of names to compare per candidate. */
const MAX_NAMES = 20;
/** Maximum difference in `fitOf` between names that fit about equally well. */
const SAME_FIT = 0.15;

/** An agreement and how well the names fit, as `fitOf` computes it. */
interface Compared {
  readonly parts: AgreementParts;
  readonly fit: number;
  /** Whether only the letters or sounds of the whole names are similar. */
  readonly isSimilar?: true;
}

/**
 * The results for a name with the same letters as the mention, for an acronym, and for names with no words in common.
 */
const EQUAL: Compared = { parts: { family: 1, given: 1, mention: 1, name: 1, exact: 1 }, fit: 5 };
const ACRONYM: Compared = { parts: { family: 1, mention: 1, name: 1 }, fit: 4 };
const DIFFERENT: Compared = { parts: {}, fit: 0 };

/** Minimum similarity of two names whose letters are divided into words differently. */
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

/** Similarity of words with the same sounds in two scripts (`createWordReader`). */
const SAME_SOUNDS = 0.95;
/** Minimum of `NameComparison.score` for names that agree. */
const AGREEING = 0.95;

/** Returns the edit similarity of two texts; 0 if either has fewer than `MIN_LETTERS` letters. */
const sameShare = (a: string, b: string): number =>
  Math.min(a.length, b.length) < MIN_LETTERS ? 0 : 1 - editDistance(a, b) / Math.max(a.length, b.length);

/** Compares a mention with the names of its ranked candidates. Ignores accents, spaces and damaged letters. */
export function compareNames(mention: string, ranked: readonly RankedEvidence[]): NameComparison {
  const { parsed: main, reader } = readKnownMention(mention);
  /**
   * Returns the similarity of the candidate's matched name if it is in another script, or if its letters are divided
   * into words differently. Returns 0 if the similarity is below `FOREIGN` or `ALIKE`.
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
  /** Returns whether the words, with or without a legal form at the end, have the letters of the mention. */
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
 * Returns the agreement of names with the same sounds in two scripts as if they were in the same script. The calibration was
 * fitted to names in a single script.
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
