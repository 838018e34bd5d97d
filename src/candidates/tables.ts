import type { Entity } from "../core/index.js";
import { countingSort } from "../core/sorting.js";
import type { TablesBuilder } from "../core/table-file.js";
import { acronymsOf, acronymTokens, type Form, formsOf, ROLE } from "../names/index.js";
import { MAX_UNITS } from "./pattern.js";
import { SHARES, shareOf } from "./score.js";

/**
 * The candidate index as typed arrays. Their bytes do not depend on the order in which entities are added. The E
 * entities are sorted by popularity (highest first), then by id, and a tie in score goes to the smaller entity number.
 * The R rows are the forms and acronyms of the entities' names. The T tokens are sorted by length, then by code units;
 * acronyms come after all other tokens.
 */
export interface CandidateTables {
  /** UTF-8 bytes of all ids, concatenated. */
  readonly idBytes: Uint8Array;
  readonly idStart: Uint32Array; // [E + 1]
  readonly rowEntity: Uint32Array; // [R]
  /** 0 for the label, i for alias i - 1. */
  readonly rowName: Uint16Array; // [R]
  readonly rowKind: Uint8Array; // [R], KIND
  readonly rowLength: Uint16Array; // [R], code units of the tokens joined by spaces, at most MAX_UNITS
  readonly rowStart: Uint32Array; // [R + 1], into rowToken and rowRole
  readonly rowToken: Uint32Array;
  readonly rowRole: Uint8Array;
  readonly tokenStart: Uint32Array; // [T + 1], into tokenUnit
  readonly tokenUnit: Uint16Array;
  readonly postStart: Uint32Array; // [T + 1], into postRow
  /** For each token, the rows that contain it, sorted by the token's share of the name (`shareOf`, descending), then by row. */
  readonly postRow: Uint32Array;
  /** [1]: number of tokens that are not acronyms. */
  readonly plain: Uint32Array;
}

/** The kind of a row: a name as written, a derived form of a name, or an acronym. */
export const KIND = { written: 0, derived: 1, acronym: 2 } as const;

/** Maximum number of names per entity. Further aliases are not indexed. */
const MAX_NAMES = 0xffff;

/** Prefix that marks the keys of acronyms. A folded token never contains this character. */
const ACRONYM = "\0";

/**
 * Creates a builder that receives entities one by one. It keeps only their ids, their popularity and the tokens of their
 * names.
 */
export function createTablesBuilder(): TablesBuilder<CandidateTables> {
  const ids: string[] = [];
  const popularity: number[] = [];
  const firstRow: number[] = [];
  const names: number[] = [];
  const kinds: number[] = [];
  const starts: number[] = [0];
  const tokens: number[] = [];
  const roles: number[] = [];
  const tokenOf = new Map<string, number>();

  const addRow = (form: Pick<Form, "tokens" | "roles">, name: number, kind: number): void => {
    names.push(name);
    kinds.push(kind);
    form.tokens.forEach((token, index) => {
      const id = tokenOf.get(token) ?? tokenOf.size;
      tokenOf.set(token, id);
      tokens.push(id);
      roles.push(form.roles[index]!);
    });
    starts.push(tokens.length);
  };

  const add = (entity: Entity): void => {
    ids.push(entity.id);
    popularity.push(entity.popularity ?? -1);
    firstRow.push(names.length);
    const seen = new Set<string>();
    const all = [entity.label, ...entity.aliases].slice(0, MAX_NAMES);
    all.forEach((name, number) => {
      for (const row of rowsOf(name)) {
        const key = `${row.kind} ${row.form.tokens.join(" ")}`;
        if (!seen.has(key)) addRow(row.form, number, row.kind);
        seen.add(key);
      }
    });
  };

  const finish = (): CandidateTables => {
    const order = ids.map((_, index) => index);
    order.sort((a, b) => popularity[b]! - popularity[a]! || (ids[a]! < ids[b]! ? -1 : 1));
    const rowOrder = new Uint32Array(names.length);
    const rowEntity = new Uint32Array(names.length);
    let rows = 0;
    order.forEach((entity, rank) => {
      for (let row = firstRow[entity]!; row < (firstRow[entity + 1] ?? names.length); row++) {
        rowEntity[rows] = rank;
        rowOrder[rows++] = row;
      }
    });
    const dictionary = sortTokens(tokenOf);
    const rowStart = new Uint32Array(rows + 1);
    const rowToken = new Uint32Array(tokens.length);
    const rowRole = new Uint8Array(tokens.length);
    const rowLength = new Uint16Array(rows);
    let used = 0;
    rowOrder.forEach((from, row) => {
      let length = -1;
      for (let at = starts[from]!; at < starts[from + 1]!; at++) {
        const token = dictionary.rank[tokens[at]!]!;
        rowToken[used] = token;
        rowRole[used++] = roles[at]!;
        length += 1 + dictionary.tokenStart[token + 1]! - dictionary.tokenStart[token]!;
      }
      rowStart[row + 1] = used;
      rowLength[row] = Math.min(length, MAX_UNITS);
    });
    return {
      ...encodeIds(order.map((entity) => ids[entity]!)),
      rowEntity,
      rowName: Uint16Array.from(rowOrder, (row) => names[row]!),
      rowKind: Uint8Array.from(rowOrder, (row) => kinds[row]!),
      rowLength,
      rowStart,
      rowToken,
      rowRole,
      tokenStart: dictionary.tokenStart,
      tokenUnit: dictionary.tokenUnit,
      plain: dictionary.plain,
      ...postings(rowStart, rowToken, rowRole, tokenOf.size),
    };
  };

  return { add, finish };
}

interface Row {
  readonly form: Pick<Form, "tokens" | "roles">;
  readonly kind: number;
}

/** Returns the rows of the index for a name: one row per form and one row per acronym. */
function rowsOf(name: string): Row[] {
  const forms = formsOf(name);
  const rows: Row[] = forms.map((form) => ({
    form,
    kind: form.derived ? KIND.derived : KIND.written,
  }));
  const acronyms = forms[0] === undefined ? [] : acronymsOf(acronymTokens(forms[0]));
  for (const acronym of acronyms)
    rows.push({ form: { tokens: [ACRONYM + acronym], roles: [ROLE.family] }, kind: KIND.acronym });
  return rows;
}

/**
 * Sorts tokens into the order of the tables. In the result, `rank[id]` is the new number of the token whose old number is
 * `id`.
 */
function sortTokens(tokenOf: ReadonlyMap<string, number>) {
  const texts = [...tokenOf.keys()];
  const isAcronym = (text: string): boolean => text.startsWith(ACRONYM);
  texts.sort(
    (a, b) =>
      Number(isAcronym(a)) - Number(isAcronym(b)) || a.length - b.length || (a < b ? -1 : Number(a > b)),
  );
  const rank = new Uint32Array(texts.length);
  const tokenStart = new Uint32Array(texts.length + 1);
  const plain = Uint32Array.of(texts.filter((text) => !isAcronym(text)).length);
  const tokenUnit = new Uint16Array(texts.reduce((sum, text) => sum + text.length, 0));
  let used = 0;
  texts.forEach((text, token) => {
    rank[tokenOf.get(text)!] = token;
    for (const unit of text.replace(ACRONYM, "").split("")) tokenUnit[used++] = unit.charCodeAt(0);
    tokenStart[token + 1] = used;
  });
  return { rank, tokenStart, tokenUnit: tokenUnit.slice(0, used), plain };
}

/** Returns for each token the rows that contain it, sorted as described for `postRow`. */
function postings(rowStart: Uint32Array, rowToken: Uint32Array, rowRole: Uint8Array, tokens: number) {
  const rowOf = new Uint32Array(rowToken.length);
  const rank = new Uint16Array(rowToken.length);
  for (let row = 0; row + 1 < rowStart.length; row++) {
    for (let at = rowStart[row]!; at < rowStart[row + 1]!; at++) {
      rowOf[at] = row;
      rank[at] = SHARES - shareOf(rowRole, rowStart[row]!, rowStart[row + 1]!, at);
    }
  }
  const byShare = countingSort(
    rowOf.map((_, at) => at),
    rank,
    SHARES + 1,
  ).items;
  const { items, starts } = countingSort(byShare, rowToken, tokens);
  return { postStart: starts, postRow: items.map((at) => rowOf[at]!) };
}

function encodeIds(ids: readonly string[]) {
  const idStart = new Uint32Array(ids.length + 1);
  const parts = ids.map((id, index) => {
    const bytes = Buffer.from(id, "utf8");
    idStart[index + 1] = idStart[index]! + bytes.length;
    return bytes;
  });
  return { idBytes: new Uint8Array(Buffer.concat(parts)), idStart };
}

/**
 * Writes the text of a row (its tokens joined by spaces) to the start of `units`, and returns the length of the text, at most
 * `MAX_UNITS`. With `main`, tokens with the role `extra` are left out.
 */
export function writeRow(
  { rowStart, rowToken, rowRole, tokenStart, tokenUnit }: CandidateTables,
  row: number,
  units: Uint16Array,
  main = false,
): number {
  let end = 0;
  for (let part = rowStart[row]!; part < rowStart[row + 1]!; part++) {
    if (main && rowRole[part] === ROLE.extra) continue;
    if (end > 0 && end < MAX_UNITS) units[end++] = 0x20;
    const token = rowToken[part]!;
    const stop = tokenStart[token + 1]!;
    for (let unit = tokenStart[token]!; unit < stop && end < MAX_UNITS; unit++)
      units[end++] = tokenUnit[unit]!;
  }
  return end;
}
