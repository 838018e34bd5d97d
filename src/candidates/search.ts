import type { NameScores } from "../core/index.js";
import { type Form, formsOf, isInitial, ROLE } from "./name.js";
import { createPattern, MAX_UNITS } from "./pattern.js";
import { aligned, likeness, partsOf, SCORE, weightOf } from "./score.js";
import { type CandidateTables, KIND } from "./tables.js";
import { createTokenSearch, type SimilarTokens } from "./tokens.js";

/** An entity found for a name. */
export interface Hit {
  /** Number of the entity in the tables. */
  readonly entity: number;
  /** Number of its name that fits best: 0 the label, i the alias i - 1. */
  readonly name: number;
  readonly score: number;
  readonly parts: NameScores;
}

export interface SearchOptions {
  /** Compare every name, not only those that share a similar token (default: up to 50,000 rows). */
  readonly exact?: boolean;
}

/** Up to this many rows every name is compared. */
const EXACT_ROWS = 50_000;

/** What scores less is no candidate. */
const FLOOR = 0.3;

/** Resolution in which the score of the last candidate is known while searching. */
const BINS = 1024;

/**
 * Finds the best entities for a name. Rows that share a similar token are scored in descending order of the most that
 * they can reach, until as many entities as wanted are certain to be better than the rest; an exact search then
 * compares all other rows as whole texts, with the same limit.
 */
export function createSearch(tables: CandidateTables, options: SearchOptions = {}) {
  const { rowEntity, rowName, rowKind, rowMask, rowLength, rowStart, rowToken, rowRole } = tables;
  const rows = rowEntity.length;
  const exact = options.exact ?? rows <= EXACT_ROWS;
  const tokens = createTokenSearch(tables);
  const pattern = createPattern();
  const units = new Uint16Array(MAX_UNITS);
  const reach = new Float32Array(rows);
  const best = new Float64Array(tables.idStart.length - 1);
  const bestRow = new Uint32Array(best.length);
  const bins = new Uint32Array(BINS + 1);

  /** Writes a row's text and returns its length. */
  const writeRow = (row: number, to: number): number => {
    let length = 0;
    for (let at = rowStart[row]!; at < to && length < MAX_UNITS; at++) {
      const token = rowToken[at]!;
      if (at > rowStart[row]!) units[length++] = 32;
      const end = tables.tokenStart[token + 1]!;
      for (let unit = tables.tokenStart[token]!; unit < end && length < MAX_UNITS; unit++) {
        units[length++] = tables.tokenUnit[unit]!;
      }
    }
    return length;
  };

  const find = (name: string, limit: number): Hit[] => {
    const touched: number[] = [];
    let lowest = 0;
    let above = 0;
    const cutoff = (): number => (above >= limit ? Math.max(FLOOR, lowest / BINS) : FLOOR);

    const offer = (row: number, score: number): void => {
      const entity = rowEntity[row]!;
      const old = best[entity]!;
      if (score < FLOOR || score < old || (score === old && row >= bestRow[entity]!)) return;
      if (old === 0) touched.push(entity);
      else if (--bins[Math.floor(old * BINS)]! >= 0 && Math.floor(old * BINS) >= lowest) above--;
      best[entity] = score;
      bestRow[entity] = row;
      const bin = Math.floor(score * BINS);
      bins[bin]!++;
      if (bin >= lowest) above++;
      while (above - bins[lowest]! >= limit) above -= bins[lowest++]!;
    };

    const scoreForm = (form: Form): void => {
      pattern.set(form.tokens.join(" "));
      const similar = form.tokens.map((token) => tokens.similar(token));
      const gathered = gather(form, similar);
      const simOf = similar.map((list) => new Map(Array.from(list.ids, (id, at) => [id, list.sims[at]!])));
      for (const row of gathered) {
        const most = Math.min(1, reach[row]!) * form.factor;
        reach[row] = 0;
        if (rowKind[row] === KIND.acronym) continue;
        const factor = form.factor * (rowKind[row] === KIND.derived ? 0.99 : 1);
        if (most < cutoff()) continue;
        const score = scoreTokens(form, simOf, row) * factor;
        const least = Math.max(score, cutoff()) / factor;
        offer(row, Math.max(score, scoreWhole(row, least) * factor));
      }
      const abbreviation = form.tokens.length === 1 ? tokens.acronym(form.tokens[0]!) : -1;
      if (abbreviation >= 0) {
        for (let at = tables.postStart[abbreviation]!; at < tables.postStart[abbreviation + 1]!; at++) {
          offer(tables.postRow[at]!, SCORE.acronym * form.factor);
        }
      }
      if (exact) scanAll(form);
    };

    const scanAll = (form: Form): void => {
      for (let row = 0; row < rows; row++) {
        if (rowKind[row] === KIND.acronym) continue;
        const factor = form.factor * (rowKind[row] === KIND.derived ? 0.99 : 1);
        offer(row, scoreWhole(row, cutoff() / factor) * factor);
      }
    };

    for (const form of formsOf(name)) scoreForm(form);
    touched.sort((a, b) => best[b]! - best[a]! || a - b);
    pattern.set(formsOf(name)[0]?.tokens.join(" ") ?? "");
    const hits = touched.slice(0, limit).map((entity): Hit => {
      const row = bestRow[entity]!;
      return { entity, name: rowName[row]!, score: best[entity]!, parts: partsOfRow(row) };
    });
    for (const entity of touched) best[entity] = 0;
    bins.fill(0);
    return hits;
  };

  /** Rows that hold a similar token, those that can reach most first; `reach` holds how much. */
  const gather = (form: Form, similar: readonly SimilarTokens[]): number[] => {
    const gathered: number[] = [];
    const whole = weightOf(SCORE.mentionWeight, form.roles, 0, form.roles.length);
    const major = form.roles.some((role) => role < ROLE.minor);
    let always = 0;
    form.tokens.forEach((token, i) => {
      const weight = SCORE.mentionWeight[form.roles[i]!]! / whole;
      if (isInitial(token) || (major && form.roles[i]! >= ROLE.minor)) always += weight;
      if (major && form.roles[i]! >= ROLE.minor) return;
      const { ids, sims } = similar[i]!;
      ids.forEach((id, at) => {
        for (let post = tables.postStart[id]!; post < tables.postStart[id + 1]!; post++) {
          const row = tables.postRow[post]!;
          if (reach[row] === 0) gathered.push(row);
          reach[row]! += weight * sims[at]!;
        }
      });
    });
    for (const row of gathered) reach[row]! += always + 1e-6;
    return gathered.sort((a, b) => reach[b]! - reach[a]!);
  };

  const scoreTokens = (form: Form, simOf: readonly Map<number, number>[], row: number): number => {
    const start = rowStart[row]!;
    const width = rowStart[row + 1]! - start;
    const sims = new Float64Array(form.tokens.length * width);
    form.tokens.forEach((token, i) => {
      for (let j = 0; j < width; j++) {
        const id = rowToken[start + j]!;
        const sim = simOf[i]!.get(id) ?? 0;
        sims[i * width + j] =
          sim === 0 && isInitial(token) && tokens.begins(id, token.charCodeAt(0)) ? SCORE.initial : sim;
      }
    });
    return aligned(sims, form.roles, rowRole.subarray(start, start + width) as unknown as ArrayLike<0>);
  };

  const scoreWhole = (row: number, least: number): number => {
    if (likenessBoundOf(row) < least) return 0;
    return likeness(pattern, units, 0, writeRow(row, rowStart[row + 1]!), rowMask[row]!, least);
  };

  const likenessBoundOf = (row: number): number => {
    const shorter = Math.min(pattern.length, rowLength[row]!);
    return (0.8 * shorter) / Math.max(pattern.length, rowLength[row]!) + 0.2;
  };

  const partsOfRow = (row: number): NameScores => {
    let from = row;
    while (rowKind[from] === KIND.acronym || rowKind[from] === KIND.derived) from--;
    let to = rowStart[from]!;
    while (to < rowStart[from + 1]! && rowRole[to] !== ROLE.qualifier) to++;
    return partsOf(pattern, units, 0, writeRow(from, to));
  };

  return { find };
}
