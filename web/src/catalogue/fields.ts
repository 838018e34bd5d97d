import type { ColumnTarget, TableKind, TableMapping, TablePreview } from "./client.js";

/** A column of a table and what it becomes. The reviewer may change `field` and `separator`. */
export type Column = TablePreview["columns"][number];

const PROPERTY = "properties.";

/** The fields to choose from, with plain names. */
export const FIELDS: Readonly<Record<TableKind, readonly (readonly [field: string, name: string])[]>> = {
  entities: [
    ["id", "Id"],
    ["label", "Name"],
    ["aliases", "Other names"],
    ["description", "Description"],
    [`${PROPERTY}birth`, "Born"],
    [`${PROPERTY}death`, "Died"],
    [`${PROPERTY}life`, "Born and died"],
    [`${PROPERTY}birthPlace`, "Place of birth"],
    [`${PROPERTY}deathPlace`, "Place of death"],
    [`${PROPERTY}place`, "Place"],
    [`${PROPERTY}occupation`, "Occupation"],
    [`${PROPERTY}type`, "Type (person, place, …)"],
    ["images", "Picture"],
    ["url", "Web address"],
  ],
  captions: [
    ["text", "Caption"],
    ["id", "Id"],
    ["image", "Picture"],
    ["mentions", "Names in the caption"],
    ["mention", "One name of the caption"],
    ["type", "Type of the name"],
    ["gold", "Entity id of the name"],
    ["language", "Language"],
  ],
};

/** Plain names of fields that are offered only if the service guessed them. */
const RARE_FIELDS: Readonly<Record<string, string>> = {
  popularity: "Popularity (a number)",
  start: "Start of the name",
  end: "End of the name",
};

/** Returns the plain name of a field. */
export function fieldName(as: TableKind, field: string): string {
  const known = FIELDS[as].find(([candidate]) => candidate === field)?.[1] ?? RARE_FIELDS[field];
  if (known !== undefined) return known;
  return field.startsWith(PROPERTY) ? `Other property: ${field.slice(PROPERTY.length)}` : field;
}

/** Returns the fields that a column may become, with plain names. */
export function choicesFor(as: TableKind, column: Column): readonly (readonly [string, string])[] {
  const own = as === "entities" ? [`${PROPERTY}${column.name}`] : [];
  const extra = [...own, column.field ?? ""].filter(
    (field, index, all) =>
      field !== "" && all.indexOf(field) === index && !FIELDS[as].some(([known]) => known === field),
  );
  return [...FIELDS[as], ...extra.map((field): [string, string] => [field, fieldName(as, field)])];
}

/** Returns whether a field can have several values, which a separator divides. */
export const isList = (field: string): boolean =>
  ["aliases", "images", "mentions"].includes(field) || field.startsWith(PROPERTY);

/** The separators to choose from, with plain names. */
export const SEPARATORS: readonly (readonly [separator: string, name: string])[] = [
  ["", "one value"],
  ["|", "values between |"],
  [";", "values between ;"],
  [",", "values between ,"],
  ["/", "values between /"],
  ["\n", "values on lines of their own"],
];

/**
 * Returns the mapping of a preview with the reviewer's columns. The table is read as in the preview, except that the
 * encoding is guessed again unless the reviewer chose it, because the preview may have seen only ASCII.
 */
export function mappingOf(
  { mapping, delimiter, sheet, headerRow }: TablePreview,
  columns: readonly Column[],
  as: TableKind,
): TableMapping {
  const { makeIds: _, ...others } = mapping;
  const mapped = inNameOrder(mapping, columns).filter(({ field }) => field !== null);
  const idSources = as === "entities" ? sourcesOfIds(mapped) : undefined;
  return {
    ...others,
    ...(delimiter !== undefined && { delimiter }),
    ...(sheet !== undefined && { sheet }),
    headerRow,
    ...(idSources !== undefined && { makeIds: idSources }),
    columns: Object.fromEntries(
      mapped.map(({ name, field, separator }): [string, ColumnTarget] => [
        name,
        separator === undefined ? { field: field! } : { field: field!, separator },
      ]),
    ),
  };
}

/** Sorts columns as in the guessed mapping, so that a given name comes before the family name. */
function inNameOrder<T extends Column>({ columns: guessed }: TableMapping, columns: readonly T[]): T[] {
  const order = Object.keys(guessed);
  const rank = ({ name, field }: T): number => (field === "label" ? order.indexOf(name) : order.length);
  return [...columns].sort((a, b) => rank(a) - rank(b));
}

/** Returns the columns from which the service makes ids, or undefined if a column contains ids. */
function sourcesOfIds(columns: readonly Column[]): string[] | undefined {
  if (columns.some(({ field }) => field === "id")) return undefined;
  return columns
    .filter(({ field }) => field === "label" || field === `${PROPERTY}birth`)
    .map(({ name }) => name);
}

/** The field without which a table cannot be read, and what to say if no column has it. */
const REQUIRED: Readonly<Record<TableKind, readonly [field: string, problem: string]>> = {
  entities: ["label", "No column is set to Name. Choose Name for the column with the names."],
  captions: ["text", "No column is set to Caption. Choose Caption for the column with the captions."],
};

/** Returns why a table cannot be read with these columns. Returns an empty list if it can. */
export function blockers(as: TableKind, columns: readonly Column[]): string[] {
  const [required, missing] = REQUIRED[as];
  const used = columns.flatMap(({ field }) => field ?? []);
  const twice = used.filter((field, at) => !isList(field) && field !== "label" && used.indexOf(field) !== at);
  const both = (["mention", "mentions"] as const).map((field) => fieldName("captions", field));
  return [
    ...(used.includes(required) ? [] : [missing]),
    ...[...new Set(twice)].map(
      (field) => `Several columns are set to ${fieldName(as, field)}. Choose only one.`,
    ),
    ...(used.includes("mention") && used.includes("mentions")
      ? [`One column is set to ${both[0]} and one to ${both[1]}. Choose only one.`]
      : []),
  ];
}

/** Returns what the page makes ids from if no column contains the ids of captions. */
export function captionIdNotes(fileName: string, columns: readonly Column[]): string[] {
  if (columns.some(({ field }) => field === "id")) return [];
  return [
    `No column is set to Id, so an id is the name of the file and the number of the row, such as ${titleOf(fileName)}-2. Choose Id for the column with your numbers, if there is one.`,
  ];
}

/** A row of a table as the entity or caption that it becomes. */
export interface RowPreview {
  /** The entity's name or the caption's text. */
  readonly title: string;
  readonly id: string;
  /** Other fields that have values, with plain names. */
  readonly facts: readonly { readonly name: string; readonly values: readonly string[] }[];
}

export function previewOf(
  as: TableKind,
  { mapping }: TablePreview,
  columns: readonly Column[],
  row: readonly string[],
): RowPreview {
  const [title] = REQUIRED[as];
  const values = new Map<string, string[]>();
  const filled = columns.map((column, at) => ({ ...column, cell: row[at]?.trim() ?? "" }));
  for (const { field, separator, cell } of inNameOrder(mapping, filled)) {
    if (field === null || cell === "") continue;
    values.set(field, [...(values.get(field) ?? []), ...split(cell, separator)]);
  }
  const first = (field: string): string => values.get(field)?.join(" ") ?? "";
  return {
    title: first(title),
    id: first("id"),
    facts: [...values]
      .filter(([field]) => field !== title && field !== "id")
      .map(([field, found]) => ({
        name: field.startsWith(PROPERTY) ? shortName(as, field) : fieldName(as, field),
        values: found,
      })),
  };
}

/** Returns the plain name of a property without "Other property". */
const shortName = (as: TableKind, field: string): string =>
  FIELDS[as].find(([known]) => known === field)?.[1] ?? field.slice(PROPERTY.length);

function split(cell: string, separator: string | undefined): string[] {
  if (separator === undefined) return [cell];
  const values = cell.split(separator).map((value) => value.trim());
  return values.filter((value) => value !== "");
}

/** Returns a name for a catalogue that is made from a file: the file's name without its ending. */
export const titleOf = (fileName: string): string =>
  fileName
    .replace(/\.gz$/i, "")
    .replace(/\.[^.]*$/, "")
    .replaceAll(/[_\s]+/g, " ")
    .trim();
