import type { NameScores } from "../core/index.js";
import { type Form, formsOf, ROLE } from "../names/index.js";
import { createAligner } from "./align.js";
import { createBoard } from "./top-k.js";
import { partsAcross } from "./parts-across.js";
import { MAX_UNITS, Pattern } from "./pattern.js";
import { writeRow } from "./rows.js";
import { likeness, partsOf, SCORE } from "./score.js";
import { type CandidateTables, KIND } from "./tables.js";
import { createTexts, type TextList } from "./text-index.js";
import { createTokenSearch } from "./token-search.js";
import { createVisitor } from "./posting-scan.js";

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
  /** Compare with every name instead of looking names up: the same hits, for a few hundred names or to check the index by. */
  readonly exact?: boolean;
}

export interface Search {
  /** The best `limit` entities for a name, best first. */
  find(name: string, limit: number): readonly Hit[];
}

/** How many names' hits are kept. */
const CACHED = 2048;

/** Finds the best entities for a name: by its tokens, and by its text as a whole. */
export function createSearch(tables: CandidateTables, { exact = false }: SearchOptions = {}): Search {
  const { rowEntity, rowName, rowKind, postStart, postRow } = tables;
  const tokens = createTokenSearch(tables);
  const aligner = createAligner(tables, tokens);
  const board = createBoard(tables.idStart.length - 1);
  const visit = createVisitor(tables, board);
  const texts = exact ? undefined : createTexts(rowTexts(tables));
  const cache = new Map<string, readonly Hit[]>();
  const pattern = new Pattern();
  const units = new Uint16Array(MAX_UNITS);

  const scoreForm = (form: Form): void => {
    const similar = form.tokens.map((token) => tokens.similar(token));
    aligner.take(form, similar);
    pattern.set(form.tokens.join(" "));
    const offer = (row: number, score: number): void => {
      const derived =
        (form.derived ? SCORE.derived : 1) * (rowKind[row] === KIND.derived ? SCORE.derived : 1);
      board.offer(rowEntity[row]!, row, score * derived);
    };
    const alignRow = (row: number): void => {
      const bound = aligner.bound(row);
      if (bound >= board.cutoff() && board.admits(rowEntity[row]!, bound)) offer(row, aligner.score());
    };
    const least = (): number => Math.max(SCORE.whole, board.cutoff());
    if (texts === undefined) {
      for (let row = 0; row < rowEntity.length; row++) {
        if (rowKind[row] === KIND.acronym) continue;
        alignRow(row);
        offer(row, likeness(pattern, units, 0, writeRow(tables, row, units), least()));
      }
    } else {
      visit(form, similar, alignRow, () => texts.scan(pattern, least, offer));
    }
    offerAcronyms(form);
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
    const length = writeRow(tables, written, units, 0, true);
    return partsAcross(name, units, length) ?? partsOf(pattern, units, 0, length);
  };

  const find = (name: string, limit: number): readonly Hit[] => {
    const forms = formsOf(name);
    const [written] = forms;
    if (written === undefined) return [];
    board.start(limit);
    for (const form of forms) scoreForm(form);
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

/** The texts of the rows that are no abbreviations. */
function rowTexts(tables: CandidateTables): TextList {
  return {
    count: tables.rowEntity.length,
    length: (row) => (tables.rowKind[row] === KIND.acronym ? 0 : tables.rowLength[row]!),
    write: (row, units) => {
      writeRow(tables, row, units);
    },
  };
}
