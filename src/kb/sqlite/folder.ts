/*
 * A knowledge base in a folder:
 *
 *   TARGET/manifest.json      names the current version and the size and hash of each of its files
 *   TARGET/import.lock        held by the running import
 *   TARGET/version-7/         one complete import: entities.sqlite and whatever `finish` wrote; never changed
 *   TARGET/version-6/         the one before, for those who still read it
 *
 * Replacing manifest.json by a rename is what makes a version visible.
 */
export const MANIFEST = "manifest.json";
export const LOCK = "import.lock";
export const DATABASE = "entities.sqlite";

const VERSION_FOLDER = /^version-([1-9]\d*)$/;

/** The number of a version's folder; undefined when the name is none. */
export function versionNumber(folder: string): number | undefined {
  const digits = VERSION_FOLDER.exec(folder)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * `number` counts the names of the entities before plus one, so an entity's names are `number`, `number + 1`, …, and
 * `name` needs no column of its own for whose they are. `name` keeps only the grams of padded folded names.
 */
export const TABLES = `
  create table entity (number integer primary key, key blob not null unique, line text not null);
  create virtual table name using fts5(padded, tokenize = 'trigram case_sensitive 1', content = '');
  insert into name (name, rank) values ('hashsize', 16777216);
`;
