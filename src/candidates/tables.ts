import type { Entity } from "../core/index.js";
import { acronymOf, type Form, formsOf, ROLE } from "../names/index.js";
import { countingSort } from "./sorting.js";
import { MAX_UNITS } from "./pattern.js";
import { SHARES, shareOf } from "./score.js";

/**
 * The candidate index: typed arrays, the same bytes in whatever order the entities came. E entities stand in order of popularity,
 * then id, so that a smaller number wins a tie; R rows are the forms of their names; T tokens are sorted by length, then
 * code units, the abbreviations apart behind the others.
 */
export interface CandidateTables {
  /** UTF-8 bytes of all ids, one after the other. */
  readonly idBytes: Uint8Array;
  readonly idStart: Uint32Array; // [E + 1]
  readonly rowEntity: Uint32Array; // [R]
  /** 0 is the label, i the alias i - 1. */
  readonly rowName: Uint16Array; // [R]
  readonly rowKind: Uint8Array; // [R], KIND
  readonly rowLength: Uint16Array; // [R], code units of the tokens with a space between two
  readonly rowStart: Uint32Array; // [R + 1], into rowToken and rowRole
  readonly rowToken: Uint32Array;
  readonly rowRole: Uint8Array;
  readonly tokenStart: Uint32Array; // [T + 1], into tokenUnit
  readonly tokenUnit: Uint16Array;
  readonly postStart: Uint32Array; // [T + 1], into postRow
  /** The rows that hold a token: those that it covers most (`shareOf`) first, then ascending. */
  readonly postRow: Uint32Array;
  /** [1]: how many tokens are no abbreviations. */
  readonly plain: Uint32Array;
}

/** How a row came from its name. */
export const KIND = { written: 0, derived: 1, acronym: 2 } as const;

/** Aliases beyond this are not indexed. */
const MAX_NAMES = 0xffff;

/** Marks the key of an abbreviation among tokens; folding leaves no such character in a token. */
const ACRONYM = "\0";

/** Collects entities one by one; memory grows with the tables, not with what else the entities hold. */
export function createTablesBuilder() {
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
    form.tokens.forEach((token, at) => {
      const id = tokenOf.get(token) ?? tokenOf.size;
      tokenOf.set(token, id);
      tokens.push(id);
      roles.push(form.roles[at]!);
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
    const order = ids.map((_, at) => at);
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

export interface Row {
  readonly form: Pick<Form, "tokens" | "roles">;
  readonly kind: number;
}

/** The forms of a name and its abbreviation, as rows of the index. */
export function rowsOf(name: string): Row[] {
  const forms = formsOf(name);
  const rows: Row[] = forms.map((form) => ({
    form,
    kind: form.derived ? KIND.derived : KIND.written,
  }));
  const acronym = forms[0] ? acronymOf(forms[0]) : "";
  if (acronym !== "") {
    rows.push({ form: { tokens: [ACRONYM + acronym], roles: [ROLE.family] }, kind: KIND.acronym });
  }
  return rows;
}

/** Sorts tokens as the tables want them; `rank[id]` is the place of the token that came as number `id`. */
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
  const parts = ids.map((id, at) => {
    const bytes = Buffer.from(id, "utf8");
    idStart[at + 1] = idStart[at]! + bytes.length;
    return bytes;
  });
  return { idBytes: new Uint8Array(Buffer.concat(parts)), idStart };
}
