import { PARTICLES } from "./lexicon.js";

/** Legal forms at the end of a company's name, folded. Source: written for this project from general knowledge. */
const LEGAL_FORMS: ReadonlySet<string> = new Set(
  "corp corporation inc incorporated ltd limited co company llc llp plc gmbh ag kg kgaa ohg ev eg sa sas sarl spa srl sl bv nv oy oyj ab as asa aps kft zrt nyrt sro ooo oao pao zao ao doo".split(
    " ",
  ),
);

/** Words in names that help little to identify a person or thing, in addition to particles. Acronyms may skip them. */
export const SMALL_WORDS: ReadonlySet<string> = new Set(
  "of and the for in on at to a an und fur et pour y e para i w z".split(" "),
);

/** Returns the folded words of a name without a legal form at the end: "ibm" for "ibm corporation". */
export function withoutLegalForm(words: readonly string[]): readonly string[] {
  return words.length > 1 && LEGAL_FORMS.has(words.at(-1)!) ? words.slice(0, -1) : words;
}

const [SHORTEST, LONGEST] = [3, 8];

/**
 * Returns the acronyms of a name, given its folded words: "moma" and "mma" for "Museum of Modern Art", "ucla" for
 * "University of California, Los Angeles", "ibmc" and "ibm"
 * for "International Business Machines Corp.". Acronyms have three to eight letters. Only names of three to ten words
 * have acronyms.
 */
export function acronymsOf(words: readonly string[]): readonly string[] {
  if (words.length < SHORTEST || words.length > 10) return [];
  const unlike = words.filter((word) => !/^\d/.test(word));
  const found = [unlike, withoutLegalForm(unlike)].flatMap((all) => [
    all,
    all.filter((word) => !SMALL_WORDS.has(word)),
    all.filter((word) => !SMALL_WORDS.has(word) && !PARTICLES.has(word)),
  ]);
  const acronyms = found.map((all) => all.map((word) => String.fromCodePoint(word.codePointAt(0)!)).join(""));
  return [...new Set(acronyms)].filter(({ length }) => length >= SHORTEST && length <= LONGEST);
}
