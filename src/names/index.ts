/**
 * Names as text, independent of any index.
 *
 * - `fold.ts` normalises a text, `placed-words.ts` divides it into words with positions, and `repair.ts` repairs a
 *   damaged name.
 * - `parse.ts` separates brackets, markers and years from a name, and `plain-name.ts` divides the plain name into
 *   parts. `agree.ts` compares two names, and `known.ts` caches parsed names. The word lists for parsing are in
 *   `languages/`. `life.ts` (with `dates.ts`, `months.ts` and the other `life-*.ts`) and `role-words.ts` find life dates and occupations, `title-roles.ts` the occupations that titles suggest, `life-properties.ts` the properties with life dates, and `sex.ts` finds
 *   the sex that an entity or a name states. `acronyms.ts` builds acronyms from names.
 * - `kinds.ts` decides whether an entity or a type is a person, organisation, place or work; its tables are in
 *   `kind-words.ts`.
 * - `forms.ts` returns the forms of a name for the candidate index: tokens with roles, which depend on the parsed name.
 *   `nicknames.ts` contains short forms of given names, and `given-names.ts` common given names with their sex.
 * - `han.ts` simplifies Chinese and Japanese characters and divides texts without spaces. `pinyin.ts` converts Chinese
 *   names in Wade–Giles.
 * - `script.ts`, `romanise.ts`, `spellings.ts`, `sounds.ts` and `word-sounds.ts` compare words across scripts.
 */
export { acronymsOf, withoutLegalForm } from "./acronyms.js";
export { type Agreement, createNameReader, fitOf, type NameReader } from "./agree.js";
export { isDate, type Years } from "./dates.js";
export { fold, foldTogether, wordsOf } from "./fold.js";
export {
  acronymTokens,
  type Form,
  formsOf,
  isInitial,
  MAX_TOKENS,
  mentionFormsOf,
  ROLE,
  type Role,
  withoutExtra,
} from "./forms.js";
export { sexOfGivenName } from "./given-names.js";
export { hanPairs, simplifiedHan } from "./han.js";
export { isInflected, isInflectedIn, nominativesOf, withoutApostropheEnding } from "./inflection.js";
export {
  isTypeProperty,
  KIND_PROPERTY,
  kindOfEntity,
  kindOfType,
  rolesOfType,
  typeFilter,
  typesOf,
} from "./kinds.js";
export { type KnownMention, parseKnown, readKnownMention } from "./known.js";
export {
  AND_WORDS,
  BOTH_WORDS,
  FAMILY_WORDS,
  GIVEN_NAME_TITLES,
  impliesPerson,
  JUNIOR,
  KIN_WORDS,
  MAIDEN_MARKERS,
  PARTICLES,
  PLACE_WORDS,
  SENIOR,
  SEX_WORDS,
  type Sex,
  TITLES,
} from "./lexicon.js";
export { compareYears, type Life, lifeIn, yearsOf } from "./life.js";
export { lifeProperty } from "./life-properties.js";
export { createWordReader, editDistance } from "./likeness.js";
export { isMonth } from "./months.js";
export { nicknames } from "./nicknames.js";
export { type ParsedName, parseMention, parseName } from "./parse.js";
export { type PlacedWord, placedWordsOf } from "./placed-words.js";
export type { NameParts, Part } from "./plain-name.js";
export { remembered } from "./remembered.js";
export { readingsOf } from "./repair.js";
export { type FoundRole, rolesIn, rolesOfPhrase } from "./role-words.js";
export { type EntityKind, ROLES } from "./roles.js";
export {
  type Comparison,
  comparisonOf,
  consonants,
  romanise,
  similarityAcross,
  transliterated,
} from "./romanise.js";
export { type Script, scriptOf, scriptOfLetter, scriptOfWord, type TransliteratedScript } from "./script.js";
export { impliedSex, isSexProperty, sexOfEntity, sexOfValue } from "./sex.js";
export { soundLikeness } from "./sounds.js";
export { rolesOfTitles, type TitleRoles } from "./title-roles.js";
export { umlautKey } from "./umlauts.js";
