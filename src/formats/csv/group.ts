import { MAX_MENTIONS, MmelError } from "../../core/index.js";
import { type Raw, type Rejected, reject } from "../read.js";
import type { Row } from "./rows.js";

/** How rows, one a mention, make one wire object. */
export interface MentionForm {
  /** Columns that describe the whole object; later rows repeat them or leave them empty. */
  readonly whole: readonly string[];
  /** What an empty cell among them means, where that is not "absent". */
  readonly defaults?: Readonly<Record<string, string>>;
  /** Columns that describe the mention. */
  readonly mention: readonly string[];
  readonly mentionFrom: (cells: ReadonlyMap<string, string>) => unknown;
}

interface Group {
  readonly first: Row;
  readonly mentions: unknown[];
  conflict?: MmelError;
}

/** One object for each run of rows with the same id. Of very many mentions no more are kept than it takes to reject them. */
export async function* grouped(
  rows: AsyncIterable<Row | Rejected>,
  form: MentionForm,
  file: string,
): AsyncGenerator<Raw | Rejected> {
  let group: Group | undefined;
  for await (const row of rows) {
    if (row.kind === "rejected") {
      yield row;
      continue;
    }
    if (group !== undefined && group.first.cells.get("id") !== row.cells.get("id")) {
      yield finished(group, form);
      group = undefined;
    }
    group ??= { first: row, mentions: [] };
    join(group, row, form, file);
  }
  if (group !== undefined) yield finished(group, form);
}

function join(group: Group, row: Row, form: MentionForm, file: string): void {
  for (const column of form.whole) {
    const value = row.cells.get(column);
    if (value === undefined || value === group.first.cells.get(column)) continue;
    group.conflict ??= new MmelError("FORMAT", {
      what: `the rows from line ${group.first.line} to ${row.line} have one id but different ${column}`,
      where: `${file}, line ${row.line}`,
    });
  }
  const has = form.mention.some((column) => row.cells.has(column));
  if (has && group.mentions.length <= MAX_MENTIONS) group.mentions.push(form.mentionFrom(row.cells));
}

function finished({ first, mentions, conflict }: Group, form: MentionForm): Raw | Rejected {
  const { line, text, cells } = first;
  const rest = [...cells].filter(([column]) => !form.mention.includes(column));
  const raw: Raw = {
    kind: "raw",
    line,
    text,
    wire: { ...form.defaults, ...Object.fromEntries(rest), mentions },
  };
  return conflict === undefined ? raw : reject(raw, conflict);
}
