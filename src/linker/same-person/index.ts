/**
 * Mentions of the same person in a caption: "Ferris" after "Clara Ferris".
 *
 * - `merge.ts` replaces these mentions with one mention, which a model then scores.
 * - `find-full-names.ts` decides which mentions name the same person. It uses `short-form.ts` (the words of two names),
 *   `surroundings.ts` (the words around a mention), `other-people.ts` (other people with the same name in the caption)
 *   and `name-facts.ts` (what the candidates reveal about a name).
 * - `names-in-text.ts` finds full names that are not mentions.
 */
export { type FullName, type MergedCaption, mergeSamePerson, withNamesInText } from "./merge.js";
