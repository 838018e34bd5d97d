import type { NameScores } from "../core/index.js";
import { createBoard } from "./board.js";
import { type Form, formsOf, isInitial, MAX_TOKENS, ROLE } from "./name.js";
import { MAX_UNITS, Pattern } from "./pattern.js";
import { createRowReader } from "./rows.js";
import { aligned, EPSILON, partsOf, SCORE, weightOf } from "./score.js";
import { type CandidateTables, KIND } from "./tables.js";
import { createTokenSearch, type SimilarTokens } from "./tokens.js";
import { partsAcross } from "./transliterate/parts-across.js";
import { createVisitor } from "./visit.js";

/** An entity found for a name. */
export interface Hit {
  /** Number of the entity in the tables. */
  readonly entity: number;
  /** Number of its name that fits best: 0 the label, i the alias i - 1. */
  readonly name: number;
  readonly score: number;
  /** Of the mention and that name, both without titles and qualifiers, and by their sounds when their scripts differ. */
  readonly parts: NameScores;
}

export interface SearchOptions {
  /** Compare every name, not only those that share a similar token (default: up to 50,000 rows). */
  readonly exact?: boolean;
}

export interface Search {
  /** The best `limit` entities for a name, best first. */
  find(name: string, limit: number): readonly Hit[];
}

/** Up to this many rows every name is compared. */
const EXACT_ROWS = 50_000;

/** An index compares so many rows, or few more, of similar tokens as whole names. */
const WHOLE_ROWS = 6_000;

/** How many names' hits are kept. */
const CACHED = 2048;

/**
 * Finds the best entities for a name. Rows that share a similar token are scored until as many entities as wanted are sure to
 * be better than the rest; an exact search then compares all rows as whole texts, which finds also names that
 * share no token of a likeness of 0.6.
 */
export function createSearch(tables: CandidateTables, options: SearchOptions = {}): Search {
  const { rowEntity, rowName, rowKind, rowStart, rowToken, rowRole, postStart, postRow } = tables;
  const rows = rowEntity.length;
  const exact = options.exact ?? rows <= EXACT_ROWS;
  const tokens = createTokenSearch(tables);
  const reader = createRowReader(tables);
  const board = createBoard(tables.idStart.length - 1);
  const visit = createVisitor(tables, board);
  const cache = new Map<string, readonly Hit[]>();
  const pattern = new Pattern();
  const sims = new Float64Array(MAX_TOKENS * MAX_TOKENS);
  const simOf: Float64Array[] = []; // [token of the mention, token of the index]
  const similarToAny = new Uint8Array(tables.tokenMask.length); // small enough to stay near the processor
  const initials = new Uint16Array(MAX_TOKENS); // the letters of the mention's initials, else 0

  const alignRow = (form: Form, weight: number, row: number): number => {
    const start = rowStart[row]!;
    const width = rowStart[row + 1]! - start;
    for (let j = 0; j < width; j++) {
      const id = rowToken[start + j]!;
      const resembles = similarToAny[id] === 1;
      for (let i = 0; i < form.tokens.length; i++) {
        const sim = resembles ? simOf[i]![id]! : 0;
        const begins = sim === 0 && initials[i]! > 0 && tokens.begins(id, initials[i]!);
        sims[i * width + j] = begins ? SCORE.initial : sim;
      }
    }
    return aligned(sims, form, weight, rowRole, start, width);
  };

  const scoreForm = (form: Form, limit: number): void => {
    const text = form.tokens.join(" ");
    const begin = text.charCodeAt(0);
    pattern.set(text);
    const weight = weightOf(SCORE.mentionWeight, form.roles);
    const similar = form.tokens.map((token) => tokens.similar(token));
    const named = form.tokens.some((token, i) => form.roles[i]! < ROLE.minor && !isInitial(token));
    form.tokens.forEach((token, i) => {
      initials[i] = named && isInitial(token) ? token.charCodeAt(0) : 0;
    });
    similar.forEach(({ ids, sims }, i) => {
      simOf[i] ??= new Float64Array(tables.tokenMask.length);
      for (let at = 0; at < ids.length; at++) {
        simOf[i]![ids[at]!] = sims[at]!;
        similarToAny[ids[at]!] = 1;
      }
    });
    const factorOf = (row: number): number =>
      (form.derived ? SCORE.derived : 1) * (rowKind[row] === KIND.derived ? SCORE.derived : 1);
    const floor = (): number => Math.max(SCORE.floor, board.cutoff()) - EPSILON;
    const offer = (row: number, score: number): number => {
      const final = score * factorOf(row);
      return final >= SCORE.floor && board.offer(rowEntity[row]!, row, final) ? final : 0;
    };
    const compareWhole = (): void => {
      if (exact) reader.scan(pattern, begin, floor, offer);
      else for (const token of alike(form, similar)) reader.scanToken(token, pattern, begin, floor, offer);
    };
    const scoreRow = (row: number): number => {
      if (rowKind[row] === KIND.acronym) return 0;
      const byTokens = alignRow(form, weight, row);
      const least = Math.max(byTokens, floor());
      return offer(row, Math.max(byTokens, reader.whole(row, pattern, begin, least)));
    };
    visit(form, similar, limit, scoreRow, compareWhole);
    offerAcronyms(form);
    similar.forEach(({ ids }, i) => {
      for (const id of ids) simOf[i]![id] = similarToAny[id] = 0;
    });
  };

  /**
   * The tokens whose rows are compared as whole names, the most similar first, until they have `WHOLE_ROWS`: of a mention of
   * several words all that are longer than a letter, else that word.
   */
  const alike = (form: Form, similar: readonly SimilarTokens[]): number[] => {
    const least = form.tokens.length > 1 ? 0 : 1;
    const simOfToken = new Map<number, number>();
    for (const { ids, sims } of similar)
      for (let at = 0; at < ids.length && sims[at]! >= least; at++)
        simOfToken.set(ids[at]!, Math.max(sims[at]!, simOfToken.get(ids[at]!) ?? 0));
    let left = WHOLE_ROWS;
    return [...simOfToken]
      .filter(([id]) => tables.tokenStart[id + 1]! - tables.tokenStart[id]! > 1)
      .sort(([a, least], [b, most]) => most - least || a - b)
      .filter(([id]) => {
        if (left <= 0) return false;
        left -= postStart[id + 1]! - postStart[id]!;
        return true;
      })
      .map(([id]) => id);
  };

  const offerAcronyms = (form: Form): void => {
    const token = form.tokens.length === 1 ? tokens.acronym(form.tokens[0]!) : -1;
    if (token < 0) return;
    const score = SCORE.acronym * (form.derived ? SCORE.derived : 1);
    for (let post = postStart[token]!; post < postStart[token + 1]!; post++) {
      board.offer(rowEntity[postRow[post]!]!, postRow[post]!, score);
    }
  };

  const partsOfRow = (row: number, name: string): NameScores => {
    let written = row;
    while (rowKind[written] !== KIND.written) written--;
    const length = reader.write(written, true);
    return partsAcross(name, reader.units, length) ?? partsOf(pattern, reader.units, 0, length);
  };

  const find = (name: string, limit: number): readonly Hit[] => {
    const forms = formsOf(name);
    const [written] = forms;
    if (written === undefined) return [];
    board.start(limit);
    for (const form of forms) scoreForm(form, limit);
    const main = written.tokens.filter((_, at) => written.roles[at] !== ROLE.apart).join(" ");
    pattern.set(main);
    return board.take().map(({ entity, row, score }) => ({
      entity,
      name: rowName[row]!,
      score,
      parts: partsOfRow(row, main),
    }));
  };

  return {
    find(name, limit) {
      const key = `${limit} ${name}`;
      const known = cache.get(key);
      if (known) return known;
      if (cache.size >= CACHED) cache.clear();
      const hits = find(name, limit);
      if (name.length <= MAX_UNITS) cache.set(key, hits);
      return hits;
    },
  };
}
