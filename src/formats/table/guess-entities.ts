import { fold, kindOfType, lifeIn, lifeProperty } from "../../names/index.js";
import { ENTITY_COLUMNS, PROPERTY } from "../csv/columns.js";
import type { EntityMapping } from "../csv/mapping.js";
import { type EntityMeaning, entityColumnsFor, keyOf } from "./header-words.js";
import { guessSeparator, looksLikeFile, mostly, SAMPLE_ROWS, valuesIn } from "./sample.js";
import type { Row } from "./table.js";

/**
 * Guesses which column of a table contains which field of an entity, from the names of the columns and the first rows:
 *
 * - `id`: a column named like an inventory number or an identifier whose cells are all filled and differ, or else one
 *   with few empty or repeated cells. Without one, ids are made from the name and the date of birth (`makeIds`).
 * - `label`: a column of names, or the columns of given and family names together. Absent if there is none.
 * - Dates, places of birth and death, occupations and types become the properties that linking understands (`birth`,
 *   `death`, `life`, `birthPlace`, `deathPlace`, `occupation`, `type`). Any other column becomes the property with its
 *   name, unless all its cells are empty.
 *
 * Pass up to 200 rows; the columns that are empty in 200 rows may have values later and are kept.
 */
export function guessEntityMapping(header: readonly string[], rows: readonly Row[]): EntityMapping {
  const columns = new Map<string, { field: string; separator?: string }>();
  const cellsOf = (column: string): string[] => valuesIn(rows, column);
  const free = (meaning: EntityMeaning): string[] =>
    entityColumnsFor(header, meaning).filter((column) => !columns.has(column));
  const set = (column: string | undefined, field: string, separator?: string): void => {
    if (column === undefined || columns.has(column)) return;
    columns.set(column, separator === undefined ? { field } : { field, separator });
  };

  for (const column of header)
    if (column.startsWith(PROPERTY) && column !== PROPERTY) set(column, column, "|");
  for (const column of header) if (ENTITY_COLUMNS.includes(column as "id")) setOwn(column);
  function setOwn(column: string): void {
    const isList = column === "aliases" || column === "images";
    set(column, column, isList ? guessSeparator(cellsOf(column), "|;\n") : undefined);
  }

  const taken = new Set([...columns.values()].map(({ field }) => field));
  const isOpen = (field: string): boolean => !taken.has(field);
  if (isOpen("id"))
    set(
      free("id").find((column) => isUnique(rows, column)) ??
        free("id").find((column) => isNearlyUnique(rows, column)),
      "id",
    );
  if (isOpen("label")) for (const column of nameColumns(free, rows)) set(column, "label");
  const labels = [...columns].flatMap(([column, { field }]) => (field === "label" ? [column] : []));

  const property = (name: string, candidates: readonly string[], separators?: string): void => {
    const [column] = candidates;
    if (column === undefined || taken.has(PROPERTY + name)) return;
    set(column, PROPERTY + name, separators && guessSeparator(cellsOf(column), separators));
  };
  const life = (event: "birth" | "death" | "life"): string[] =>
    header.filter((column) => !columns.has(column) && lifeProperty(keyOf(column)) === event);
  property("birth", [...life("birth"), ...free("birth")]);
  property("death", [...life("death"), ...free("death")]);
  property("life", [...life("life"), ...free("dates").filter((column) => mostly(cellsOf(column), isLife))]);
  property("birthPlace", free("birthPlace"));
  property("deathPlace", free("deathPlace"));
  property("occupation", free("occupation"), "|;\n,/");
  property(
    "type",
    free("type").filter((column) => isType(column, cellsOf(column))),
    "|;\n",
  );

  if (isOpen("aliases"))
    for (const column of free("aliases"))
      set(column, "aliases", guessSeparator(cellsOf(column), "|;\n,", nameOf(rows, labels)));
  if (isOpen("description")) set(free("description")[0], "description");
  if (isOpen("url"))
    set(
      free("url").find((column) => mostly(cellsOf(column), isUrl)),
      "url",
    );
  if (isOpen("images"))
    for (const column of free("images").filter((column) => mostly(cellsOf(column), looksLikeFile)))
      set(column, "images", guessSeparator(cellsOf(column), "|;\n,"));
  if (isOpen("popularity"))
    set(
      free("popularity").find((column) => cellsOf(column).length > 0 && cellsOf(column).every(isAmount)),
      "popularity",
    );

  for (const column of header) {
    const cells = cellsOf(column);
    if (cells.length === 0 && rows.length < SAMPLE_ROWS) continue;
    const has = (separator: string): boolean => cells.some((cell) => cell.includes(separator));
    const isList = has("|") || (has(";") && cells.every(isListOfShort));
    set(column, PROPERTY + column, isList ? guessSeparator(cells, "|;") : undefined);
  }

  const hasId = [...columns.values()].some(({ field }) => field === "id");
  const birth = [...columns].find(([, { field }]) => field === `${PROPERTY}birth`)?.[0];
  const makeIds = [...labels, ...(birth === undefined ? [] : [birth])];
  const order = [...columns].sort((a, b) => rank(a[1].field) - rank(b[1].field));
  return {
    columns: Object.fromEntries(order),
    ...(!hasId && makeIds.length > 0 && { makeIds }),
  };
}

/** Sorts the id first and then the label, whose columns keep the order in which they are joined. */
const rank = (field: string): number => ["id", "label"].indexOf(field) >>> 0;

/** Returns whether all cells of a column are filled and differ. */
export function isUnique(rows: readonly Row[], column: string): boolean {
  const cells = valuesIn(rows, column);
  return cells.length === rows.length && new Set(cells).size === cells.length;
}

/** Returns whether at least nine in ten rows have a value of their own in a column; the other values are mistakes. */
function isNearlyUnique(rows: readonly Row[], column: string): boolean {
  return rows.length > 1 && new Set(valuesIn(rows, column)).size >= 0.9 * rows.length;
}

/** Returns the columns whose cells together form the name of an entity, in the order of the parts of the name. */
function nameColumns(free: (meaning: EntityMeaning) => string[], rows: readonly Row[]): string[] {
  const [label] = free("label");
  if (label !== undefined) return [label];
  const [given] = free("given");
  const [family] = free("family").filter((column) => column !== given);
  const [middle] = free("middle").filter((column) => column !== given && column !== family);
  const [name] = free("name").filter((column) => column !== given && column !== family);
  const parts = [given ?? name, middle, family ?? name].filter((column) => column !== undefined);
  if (given === undefined && family === undefined)
    return name === undefined ? free("title").slice(0, 1) : [name];
  const part = given ?? family!;
  if (name !== undefined && contains(rows, name, part)) return [name];
  return [...new Set(parts)];
}

/** Returns whether most cells of a column contain the cell of another column: "Anna Vale" contains "Anna". */
function contains(rows: readonly Row[], whole: string, part: string): boolean {
  const both = rows.filter(({ cells }) => cells.has(whole) && cells.has(part));
  const containing = both.filter(({ cells }) =>
    ` ${fold(cells.get(whole)!)} `.includes(` ${fold(cells.get(part)!)} `),
  );
  return 2 * containing.length > both.length;
}

/** Returns a function that returns the folded words of the name in a row with a value in the column of aliases. */
const nameOf =
  (rows: readonly Row[], labels: readonly string[]) =>
  (cell: string): ReadonlySet<string> => {
    const row = rows.find(({ cells }) => [...cells.values()].includes(cell));
    return new Set(labels.flatMap((column) => fold(row?.cells.get(column) ?? "").split(" ")));
  };

const isLife = (cell: string): boolean => {
  const { birth, death } = lifeIn(cell);
  return birth !== undefined || death !== undefined;
};

const isUrl = (cell: string): boolean => /^(?:https?:\/\/|www\.)\S+$/i.test(cell.trim());

const isAmount = (cell: string): boolean => /^\d+(?:\.\d+)?$/.test(cell.trim());

/** German "Art" means the type; an English column "Art" does not. */
const isType = (column: string, cells: readonly string[]): boolean =>
  ["type", "entitytype", "instanceof"].includes(keyOf(column)) ||
  mostly(cells, (cell) => kindOfType(cell) !== undefined);

/** Maximum length of a value in a list that is recognised by semicolons. */
const SHORT = 60;

const isListOfShort = (cell: string): boolean => cell.split(";").every((part) => part.trim().length <= SHORT);
