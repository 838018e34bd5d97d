import { fold } from "../../names/index.js";
import { createDistinct } from "./distinct.js";

/** Maximum length of an id that is made, without the number that distinguishes equal ones. */
const MAX_LENGTH = 200;

/**
 * Returns a function that makes the ids of rows from the cells of some columns: "Anna Vale" and "1891" become
 * `anna-vale-1891`. Rows with the same cells get the numbers 2, 3, … in the order of the table: `anna-vale-1891-2`. An
 * id therefore stays the same if other rows are added, moved or changed. Returns undefined if all cells are empty.
 */
export function createIdMaker(
  columns: readonly string[],
): (cells: ReadonlyMap<string, string>) => string | undefined {
  const distinct = createDistinct((id, number) => `${id}-${number}`);
  return (cells) => {
    const words = columns.map((column) => fold(cells.get(column) ?? "")).filter((part) => part !== "");
    const id = words
      .join(" ")
      .replaceAll(" ", "-")
      .slice(0, MAX_LENGTH)
      .replace(/\p{Surrogate}$/u, "");
    return id === "" ? undefined : distinct(id);
  };
}
