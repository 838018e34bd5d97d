import { LRUCache } from "lru-cache";
import {
  isInitial,
  nominativesOf,
  type PlacedWord,
  placedWordsOf,
  ROLE,
  simplifiedHan,
} from "../names/index.js";
import { type CandidateTables, KIND } from "./tables.js";
import type { TokenSearch } from "./token-search.js";

/**
 * A name of the knowledge base, or a word of such a name, found in a text at `text.slice(start, end)`:
 * - "name": a complete name;
 * - "acronym": the acronym of a name;
 * - "family": the family name alone;
 * - "given": a given name alone.
 */
export interface FoundName {
  readonly start: number;
  readonly end: number;
  readonly kind: "name" | "acronym" | "family" | "given";
  /** Whether the text contains an inflected form of the name. */
  readonly inflected: boolean;
  /** Rows of the index that contain the name, at most `MAX_ROWS`; empty for a given name. */
  readonly rows: readonly number[];
}

/** Maximum number of rows per name found. */
const MAX_ROWS = 4;
/** Number of rows to read at each end of a token's postings. */
const SCANNED = 64;
/** Maximum number of names beginning with the same two words that are compared with the text. */
const MAX_PAIR_ROWS = 1000;
/** Maximum number of word pairs whose rows are cached. */
const CACHED_PAIRS = 4096;
/** Maximum number of characters in a word of a script without spaces. */
const MAX_UNSPACED = 12;
/** Maximum number of letters in an acronym written with full stops. */
const MAX_INITIALS = 8;

/** A token of the index found in a text. `to` is the index of the word after the token. */
interface Step {
  readonly to: number;
  readonly token: number;
  readonly inflected: boolean;
}

/**
 * Creates a function that finds the names of the index in a text. It finds exact and inflected forms, but not names
 * that are only similar.
 */
export function createNameSearch(tables: CandidateTables, tokens: TokenSearch) {
  const { postStart, postRow, rowStart, rowToken, rowRole, rowKind } = tables;
  const pairs = new LRUCache<string, readonly number[]>({ max: CACHED_PAIRS });
  const lengthOf = (row: number): number => rowStart[row + 1]! - rowStart[row]!;

  /** Returns whether a row has only titles and qualifiers from position `at` on. */
  const isComplete = (row: number, at: number): boolean => {
    while (at < rowStart[row + 1]! && rowRole[at] === ROLE.extra) at++;
    return at === rowStart[row + 1];
  };

  /**
   * Returns the rows (names) that begin with the tokens `first` and `second`. Reads the shorter of their two posting
   * lists.
   */
  const rowsWith = (first: number, second: number): readonly number[] => {
    const key = `${first} ${second}`;
    const known = pairs.get(key);
    if (known !== undefined) return known;
    const count = (token: number): number => postStart[token + 1]! - postStart[token]!;
    const rarer = count(first) < count(second) ? first : second;
    const rows: number[] = [];
    for (let post = postStart[rarer]!; post < postStart[rarer + 1]! && rows.length < MAX_PAIR_ROWS; post++) {
      const row = postRow[post]!;
      const start = rowStart[row]!;
      if (lengthOf(row) > 1 && rowToken[start] === first && rowToken[start + 1] === second) rows.push(row);
    }
    pairs.set(key, rows);
    return rows;
  };

  /**
   * Returns the rows among a token's first postings that pass the test, at most `MAX_ROWS`. Names with few other words
   * come first.
   */
  const firstRows = (token: number, test: (row: number) => boolean): readonly number[] => {
    const end = Math.min(postStart[token + 1]!, postStart[token]! + SCANNED);
    const rows: number[] = [];
    for (let post = postStart[token]!; post < end && rows.length < MAX_ROWS; post++)
      if (test(postRow[post]!)) rows.push(postRow[post]!);
    return rows;
  };

  const hasRole = (row: number, token: number, role: number): boolean => {
    for (let at = rowStart[row]!; at < rowStart[row + 1]!; at++)
      if (rowToken[at] === token && rowRole[at] === role) return true;
    return false;
  };

  /** Returns whether a row is a name that consists of the token, apart from titles and qualifiers after it. */
  const isWhole = (row: number, token: number): boolean =>
    rowToken[rowStart[row]!] === token &&
    rowKind[row] !== KIND.acronym &&
    isComplete(row, rowStart[row]! + 1);

  /** Returns whether a row is a name of several words whose family name is the token. */
  const isFamily = (row: number, token: number): boolean =>
    lengthOf(row) > 1 && !isWhole(row, token) && hasRole(row, token, ROLE.family);

  const isGiven = (token: number): boolean => {
    const start = Math.max(postStart[token]!, postStart[token + 1]! - SCANNED);
    return postRow.subarray(start, postStart[token + 1]!).some((row) => hasRole(row, token, ROLE.given));
  };

  return (text: string): FoundName[] => {
    const words = placedWordsOf(text);
    const steps = createSteps(text, words, tokens);
    const found = new Map<string, FoundName>();
    const add = (from: number, to: number, name: Pick<FoundName, "kind" | "inflected" | "rows">): void => {
      const key = `${from} ${to} ${name.kind}`;
      const known = found.get(key);
      if (name.rows.length === 0 && name.kind !== "given") return;
      if (known !== undefined && !known.inflected && name.inflected) return;
      const others = known !== undefined && known.inflected === name.inflected ? known.rows : [];
      const rows = [...new Set([...others, ...name.rows])].slice(0, MAX_ROWS);
      found.set(key, { ...name, start: words[from]!.start, end: words[to - 1]!.end, rows });
    };
    /**
     * Compares the tokens of a row from position `at` with the text from word `word`. Calls `done` with the index of
     * the word after each possible end of the name.
     */
    const follow = (row: number, at: number, word: number, inflected: boolean, done: Done): void => {
      if (isComplete(row, at)) done(word, inflected);
      if (at < rowStart[row + 1]!)
        for (const step of steps(word))
          if (step.token === rowToken[at]) follow(row, at + 1, step.to, inflected || step.inflected, done);
    };
    for (let from = 0; from < words.length; from++) {
      for (const { to, token, inflected } of steps(from)) {
        const whole = firstRows(token, (row) => isWhole(row, token));
        add(from, to, { kind: "name", inflected, rows: whole });
        add(from, to, { kind: "family", inflected, rows: firstRows(token, (row) => isFamily(row, token)) });
        if (isGiven(token)) add(from, to, { kind: "given", inflected, rows: [] });
        for (const next of steps(to))
          for (const row of rowsWith(token, next.token))
            follow(row, rowStart[row]! + 2, next.to, inflected || next.inflected, (end, inflected) =>
              add(from, end, { kind: "name", inflected, rows: [row] }),
            );
      }
      const acronym = words[from]!.unspaced ? -1 : tokens.acronym(words[from]!.word);
      if (acronym >= 0)
        add(from, from + 1, { kind: "acronym", inflected: false, rows: firstRows(acronym, () => true) });
    }
    return [...found.values()];
  };
}

type Done = (word: number, inflected: boolean) => void;

/** Matches a hyphen between two parts of a word. White space, such as a line break, may follow it. */
const HYPHEN = /^[-¬\u2010]\s*$/u;

/** Creates a function that returns the tokens of the index that begin at a given word of the text. */
function createSteps(text: string, words: readonly PlacedWord[], tokens: TokenSearch) {
  const steps: (readonly Step[] | undefined)[] = [];
  const known = new Map<string, readonly Omit<Step, "to">[]>();

  /** Returns the tokens for a word as written and, if it may be an inflected form, for its possible nominatives. */
  const tokensOf = (word: string): readonly Omit<Step, "to">[] => {
    let found = known.get(word);
    if (found === undefined) {
      const forms = [word, ...nominativesOf(word)];
      found = forms
        .map((form, index) => ({ token: tokens.find(form), inflected: index > 0 }))
        .filter(({ token }) => token >= 0);
      known.set(word, found);
    }
    return found;
  };
  const simple = new Map<string, string>();
  const simplify = (character: string): string => {
    const known = simple.get(character) ?? simplifiedHan(character);
    simple.set(character, known);
    return known;
  };
  const gap = (word: number): string => text.slice(words[word - 1]!.end, words[word]!.start);

  /**
   * Returns the tokens that begin at a character of a script without spaces, as written or in simplified form. A space
   * may follow the first character: "李 娜".
   */
  const unspaced = (from: number): Step[] => {
    const found: Step[] = [];
    let written = "";
    let simplified = "";
    for (let at = from; at < words.length && at < from + MAX_UNSPACED; at++) {
      const between = at === from ? "" : gap(at);
      if (!words[at]!.unspaced || (between !== "" && !(at === from + 1 && between === " "))) break;
      written += words[at]!.word;
      simplified += simplify(words[at]!.word);
      for (const token of new Set([tokens.find(written), tokens.find(simplified)]))
        if (token >= 0) found.push({ to: at + 1, token, inflected: false });
    }
    return found;
  };

  /** Returns the token formed by three or more initials, starting at word `from`: "U.N.E.S.C.O." */
  const initials = (from: number): Step[] => {
    let to = from;
    while (
      to < words.length &&
      to < from + MAX_INITIALS &&
      isInitial(words[to]!.word) &&
      (to === from || gap(to).trim() === ".")
    )
      to++;
    const token =
      to - from < 3
        ? -1
        : tokens.find(
            words
              .slice(from, to)
              .map(({ word }) => word)
              .join(""),
          );
    return token < 0 ? [] : [{ to, token, inflected: false }];
  };

  const spaced = (from: number): Step[] => {
    const found: Step[] = tokensOf(words[from]!.word).map((step) => ({ to: from + 1, ...step }));
    found.push(...initials(from));
    const next = words[from + 1];
    if (next !== undefined && !next.unspaced && HYPHEN.test(gap(from + 1)))
      found.push(...tokensOf(words[from]!.word + next.word).map((step) => ({ to: from + 2, ...step })));
    return found;
  };

  return (word: number): readonly Step[] => {
    if (word >= words.length) return [];
    steps[word] ??= words[word]!.unspaced ? unspaced(word) : spaced(word);
    return steps[word];
  };
}
