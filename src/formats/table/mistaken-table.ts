import { lifeProperty } from "../../names/index.js";
import { captionColumnsFor, entityColumnsFor, keyOf } from "./header-words.js";

/** Returns whether the columns of a table are those of captions, without names and dates of a catalogue. */
export function looksLikeCaptions(header: readonly string[]): boolean {
  if (hasNames(header) || hasLives(header)) return false;
  const hasTitles = entityColumnsFor(header, "title").length > 0;
  return captionColumnsFor(header, hasTitles ? "caption" : "text").length > 0;
}

/** Returns whether the columns of a table are those of a catalogue: names and dates of birth or death, but no captions. */
export const looksLikeCatalogue = (header: readonly string[]): boolean =>
  hasNames(header) && hasLives(header) && captionColumnsFor(header, "caption").length === 0;

const hasNames = (header: readonly string[]): boolean =>
  (["label", "name", "given", "family"] as const).some(
    (meaning) => entityColumnsFor(header, meaning).length > 0,
  );

const hasLives = (header: readonly string[]): boolean =>
  header.some((column) => lifeProperty(keyOf(column)) !== undefined) ||
  (["birth", "death"] as const).some((meaning) => entityColumnsFor(header, meaning).length > 0);
