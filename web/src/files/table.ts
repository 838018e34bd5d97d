import { csvLine } from "../../../src/formats/csv/cells.js";
import { xlsxOf } from "../../../src/formats/table/write-xlsx.js";
import { type Item, type Linking, linkOf, type State } from "../review/index.js";

/** A table for people to read: one row a name. Captions without names have one row as well. */
export interface ReviewTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

const HEADER = [
  "caption id",
  "caption",
  "picture",
  "name",
  "type",
  "decision",
  "entity id",
  "entity",
  "suggested id",
  "suggested",
  "probability",
  "reviewer",
  "decided at",
  "flagged",
  "comment",
  "comment on caption",
  "model",
  "knowledge base",
] as const;

/**
 * Converts captions and decisions to a table. `decision` is "entity", "not in the knowledge base" or "undecided".
 * `probability` is that of the suggestion, with three decimals. `labelOf` finds the label of an entity by its id.
 */
export function reviewTable(
  items: readonly Item[],
  linkings: State["linkings"],
  labelOf: (id: string) => string | undefined,
): ReviewTable {
  return { header: HEADER, rows: items.flatMap((item) => rowsOfItem(item, linkings.get(item.id), labelOf)) };
}

type Row = Readonly<Record<(typeof HEADER)[number], string | number>>;

function rowsOfItem(
  { id, text, image = "", note, marks }: Item,
  linking: Linking | undefined,
  labelOf: (id: string) => string | undefined,
): (string | number)[][] {
  const caption = {
    "caption id": id,
    caption: text,
    picture: image,
    "comment on caption": note?.comment ?? "",
  };
  const isFlagged = (flagged: boolean | undefined): string => (flagged ? "yes" : "");
  if (marks.length === 0) return [cells({ ...caption, flagged: isFlagged(note?.flagged) })];
  return marks.map((mark) => {
    const { gold, decision } = mark;
    const link = linkOf(mark, linking);
    const suggested = decision?.proposed === undefined ? link?.entity : decision.proposed;
    const probability = decision?.probability === undefined ? link?.probability : decision.probability;
    return cells({
      ...caption,
      name: mark.text,
      type: mark.type ?? "",
      decision: gold === undefined ? "undecided" : gold.kind === "nil" ? NIL : "entity",
      "entity id": gold?.kind === "entity" ? gold.id : "",
      entity: gold?.kind === "entity" ? (gold.label ?? labelOf(gold.id) ?? "") : "",
      "suggested id": suggested?.id ?? "",
      suggested: suggested === null ? NIL : (suggested?.label ?? ""),
      probability: probability == null ? "" : Number(probability.toFixed(3)),
      reviewer: decision?.by ?? "",
      "decided at": decision?.at ?? "",
      flagged: isFlagged(mark.note?.flagged === true || note?.flagged === true),
      comment: mark.note?.comment ?? "",
      model: decision?.model ?? linking?.links?.model ?? "",
      "knowledge base": decision?.kb ?? linking?.links?.kb ?? "",
    });
  });
}

const NIL = "not in the knowledge base";

const cells = (row: Partial<Row>): (string | number)[] => HEADER.map((column) => row[column] ?? "");

/**
 * Writes a table as CSV. The byte order mark lets Excel recognise UTF-8. No cell is a formula. With semicolons, numbers
 * have a decimal comma, because Excel divides columns with semicolons exactly where it writes numbers like this.
 */
export function tableToCsv({ header, rows }: ReviewTable, delimiter = ","): string {
  const cell = (value: string | number): string | number =>
    delimiter === ";" && typeof value === "number" ? String(value).replace(".", ",") : value;
  return `\uFEFF${[header, ...rows].map((row) => csvLine(row.map(cell), delimiter)).join("")}`;
}

/** Widths of the columns in an Excel file, in characters. Other columns have the usual width. */
const WIDTHS: Readonly<Partial<Record<(typeof HEADER)[number], number>>> = {
  caption: 60,
  comment: 40,
  "comment on caption": 40,
  probability: 11,
  flagged: 8,
};

/** Writes a table as an Excel file. No cell is a formula. */
export const tableToXlsx = ({ header, rows }: ReviewTable): Promise<Blob> =>
  xlsxOf({ name: "review", header, rows, widths: HEADER.map((column) => WIDTHS[column] ?? 20) });
