import { MAX_MENTIONS, MmelError } from "../../core/index.js";
import { type Raw, type Rejected, reject } from "../record.js";
import type { Row } from "../table/table.js";
import type { WireCandidate, WireCaption, WireEntity, WireLinks, WireMentionLink } from "../wire.js";
import type { Cell } from "./cells.js";
import { joinList, parseNumber, splitList } from "./rows.js";

/** How rows with one mention each are combined into one object in the wire format. */
export interface MentionForm {
  /**
   * Columns that describe the object rather than a mention. In the object's later rows, their cells are empty or repeat
   * the values of the first row.
   */
  readonly whole: readonly string[];
  /** Values that replace empty cells, keyed by column. Needed for fields that must be present. */
  readonly defaults?: Readonly<Record<string, string>>;
  /** Columns about the mention. */
  readonly mention: readonly string[];
  readonly mentionFrom: (cells: ReadonlyMap<string, string>) => unknown;
}

interface Group {
  readonly first: Row;
  readonly mentions: unknown[];
  conflict?: MmelError;
}

/**
 * Combines consecutive rows with the same id into one object. Keeps at most `MAX_MENTIONS` + 1 mentions of an object,
 * which is enough for the schema to reject an object with too many mentions.
 */
export async function* groupRows(
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
      yield finishGroup(group, form);
      group = undefined;
    }
    group ??= { first: row, mentions: [] };
    addRow(group, row, form, file);
  }
  if (group !== undefined) yield finishGroup(group, form);
}

function addRow(group: Group, row: Row, form: MentionForm, file: string): void {
  for (const column of form.whole) {
    const value = row.cells.get(column);
    if (value === undefined || value === group.first.cells.get(column)) continue;
    group.conflict ??= new MmelError("FORMAT", {
      what: `the rows on lines ${group.first.line} to ${row.line} have the same id but different values in column ${column}`,
      where: `${file}, line ${row.line}`,
    });
  }
  const has = form.mention.some((column) => row.cells.has(column));
  if (has && group.mentions.length <= MAX_MENTIONS) group.mentions.push(form.mentionFrom(row.cells));
}

function finishGroup({ first, mentions, conflict }: Group, form: MentionForm): Raw | Rejected {
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

const CAPTION_MENTION_COLUMNS = ["mention", "start", "end", "gold"] as const;

/**
 * Columns of caption files, with one row per mention. A caption without mentions has one row with empty mention cells.
 */
export const CAPTION_COLUMNS = [
  "id",
  "text",
  ...CAPTION_MENTION_COLUMNS,
  "image",
  "language",
  "type",
] as const;

/**
 * How captions are stored in rows. A `gold` cell contains an entity id or `NIL`; it is empty if the mention is not
 * annotated. `\NIL` means an entity with the id "NIL".
 */
export const captionForm: MentionForm = {
  whole: ["text", "image", "language"],
  defaults: { text: "" },
  mention: [...CAPTION_MENTION_COLUMNS, "type"],
  mentionFrom: (cells) => {
    const gold = cells.get("gold");
    return {
      text: cells.get("mention"),
      start: parseNumber(cells.get("start")),
      end: parseNumber(cells.get("end")),
      type: cells.get("type"),
      ...(gold !== undefined && { gold: gold === "NIL" ? null : gold.replace(/^\\/, "") }),
    };
  },
};

/** Returns the rows of a caption, with cells in the order of `CAPTION_COLUMNS`. */
export function captionRows({ id, text, image = "", language = "", mentions = [] }: WireCaption): Cell[][] {
  if (mentions.length === 0) return [[id, text, "", "", "", "", image, language, ""]];
  return mentions.map(({ text: mention, start = "", end = "", type = "", gold }) => [
    id,
    text,
    mention,
    start,
    end,
    goldCell(gold),
    image,
    language,
    type,
  ]);
}

function goldCell(gold: string | null | undefined): string {
  if (gold === null) return "NIL";
  return (gold ?? "").replace(/^(?=\\|NIL$)/, "\\");
}

const CANDIDATE_FIELDS = ["id", "label", "match", "collaborative", "score", "probability"] as const;
const CANDIDATE_COLUMNS = CANDIDATE_FIELDS.map((field) => `candidates.${field}`);
const LINK_MENTION_COLUMNS = [
  "mention",
  "start",
  "end",
  "outcome",
  "entity.id",
  "entity.label",
  "probability",
];

/**
 * Columns of links files, with one row per mention. A candidate column contains a list of values, best candidate first,
 * with `|` between them.
 */
export const LINK_COLUMNS = [
  "id",
  ...LINK_MENTION_COLUMNS,
  "model",
  "kb",
  ...CANDIDATE_COLUMNS,
  "type",
  "because",
];

export const linkForm: MentionForm = {
  whole: ["model", "kb"],
  mention: [...LINK_MENTION_COLUMNS, ...CANDIDATE_COLUMNS, "type", "because"],
  mentionFrom: (cells) => {
    const id = cells.get("entity.id");
    return {
      text: cells.get("mention"),
      start: parseNumber(cells.get("start")),
      end: parseNumber(cells.get("end")),
      type: cells.get("type"),
      outcome: cells.get("outcome"),
      entity: id === undefined ? null : { id, label: cells.get("entity.label") },
      probability: parseNumber(cells.get("probability")) ?? null,
      candidates: candidatesFrom(cells),
      because: cells.get("because"),
    };
  },
};

/** Returns the rows of a caption's links, with cells in the order of `LINK_COLUMNS`. */
export function linkRows({ id, mentions, model, kb }: WireLinks): Cell[][] {
  const empty = (columns: readonly string[]): string[] => columns.map(() => "");
  if (mentions.length === 0)
    return [[id, ...empty(LINK_MENTION_COLUMNS), model, kb, ...empty(CANDIDATE_COLUMNS), "", ""]];
  return mentions.map((mention) => [
    id,
    ...mentionCells(mention),
    model,
    kb,
    ...candidateCells(mention),
    mention.type ?? "",
    mention.because ?? "",
  ]);
}

function mentionCells({ text, start, end, outcome, entity, probability }: WireMentionLink): Cell[] {
  return [text, start, end, outcome, entity?.id, entity?.label, probability].map((value) => value ?? "");
}

function candidateCells({ candidates }: WireMentionLink): Cell[] {
  return CANDIDATE_FIELDS.map((field) =>
    field === "id" || field === "label"
      ? joinList(candidates.map((candidate) => candidate[field]))
      : candidates.map((candidate) => candidate[field]),
  );
}

function candidatesFrom(cells: ReadonlyMap<string, string>): unknown[] {
  const ids = cells.get("candidates.id");
  if (ids === undefined) return [];
  const lists = CANDIDATE_COLUMNS.map((column) => splitList(cells.get(column) ?? ""));
  return splitList(ids).map((_, index) => {
    const [id, label, ...numbers] = lists.map((list) => list[index]);
    const [match, collaborative, score, probability] = numbers.map(
      (cell) => (cell === "" ? null : parseNumber(cell)) ?? null,
    );
    return { id, label, match, collaborative, score, probability } satisfies Record<
      Exclude<keyof WireCandidate, "independentRank" | "explain">,
      unknown
    >;
  });
}

/** Prefix of the names of property columns. */
export const PROPERTY = "properties.";
export const ENTITY_COLUMNS = [
  "id",
  "label",
  "aliases",
  "description",
  "images",
  "popularity",
  "url",
] as const;

/**
 * Returns the columns of entity files, with one column `properties.NAME` per property. Throws `ENTITY_INVALID` if the
 * name of a property contains a line break or has leading or trailing white space, because a header cannot contain such
 * names.
 */
export function entityColumns(properties: readonly string[]): string[] {
  const unfit = properties.find((name) => /[\r\n]/.test(name) || name !== name.trim());
  if (unfit !== undefined) {
    throw new MmelError("ENTITY_INVALID", {
      what: `the property name ${JSON.stringify(unfit)} contains a line break, or starts or ends with white space, so it cannot be a CSV column`,
      hint: "Use JSON Lines instead.",
    });
  }
  return [...ENTITY_COLUMNS, ...properties.map((name) => PROPERTY + name)];
}

/**
 * Returns the row of an entity, with cells in the order of `entityColumns(properties)`. Throws `ENTITY_INVALID` if a
 * property of the entity has no column.
 */
export function entityRow(entity: WireEntity, properties: readonly string[]): Cell[] {
  const values = new Map(Object.entries(entity.properties ?? {}));
  const missing = [...values.keys()].find((name) => !properties.includes(name));
  if (missing !== undefined) {
    throw new MmelError("ENTITY_INVALID", {
      what: `property "${missing}" has no column`,
      where: `entity ${entity.id}`,
      expected: properties.length === 0 ? "no properties" : `only ${properties.join(", ")}`,
    });
  }
  const { id, label, aliases = [], description = "", images = [], popularity = "", url = "" } = entity;
  const lists = properties.map((name) => joinList(values.get(name) ?? []));
  return [id, label, joinList(aliases), description, joinList(images), popularity, url, ...lists];
}
