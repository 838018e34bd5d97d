/**
 * Names as text, independent of any index: normalisation (`fold.ts`), parsing into tokens with roles (`forms.ts`, with the
 * word lists in `words.ts` and `nicknames.ts`), and comparison across scripts (`script.ts`, `romanise.ts`, `spellings.ts`).
 */

export { createNameReader } from "./agree.js";
export { fold } from "./fold.js";
export { acronymOf, type Form, formsOf, isInitial, MAX_TOKENS, ROLE, type Role } from "./forms.js";
export { compareYears, lifeIn, yearsOf } from "./life.js";
export { nicknames } from "./nicknames.js";
export { parseName } from "./parse.js";
export { readingsOf } from "./repair.js";
export { rolesIn } from "./role-words.js";
export { type Comparison, comparisonOf, consonants, romanise, transliterated } from "./romanise.js";
export { type Script, scriptOf, scriptOfLetter, scriptOfWord, type TransliteratedScript } from "./script.js";
