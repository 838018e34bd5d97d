/**
 * Relations between entities, found in the values of their properties: a value that is the name or the id of another
 * entity, and values that several entities share. Property names are the user's; no schema is assumed.
 *
 * - Reading: `value-keys.ts` divides values into segments and keys, `text-numbers.ts` gives each text a number without
 *   storing the text.
 * - The tables: `tables.ts` describes them, `build-tables.ts` builds them in memory.
 * - The interface: `relations.ts`; `relations-file.ts` writes and reads files.
 */

export { createRelations, type Naming, type Relation, type Relations, type Target } from "./relations.js";
export { buildRelations, openRelations, relationsFileOf } from "./relations-file.js";
export { createValueReader } from "./value-keys.js";
