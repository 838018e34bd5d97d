import type { Entity, Random } from "../core/index.js";
import { parseName, ROLES, rolesIn, wordsOf, yearsOf } from "../names/index.js";

/** A rule that rewrites a name. */
export interface Variation {
  readonly name: string;
  /** Whether the result contains all parts of the name, so that a linker should recognise the name as before. */
  readonly keepsAll: boolean;
  /** Returns the rewritten mention, or undefined if the rule cannot be applied. */
  readonly rewrite: (name: WrittenName, random: Random) => Rewritten | undefined;
}

/** A name in a caption, and the entity it refers to. */
export interface WrittenName {
  readonly text: string;
  /** The words of the name as they are written. */
  readonly words: readonly string[];
  readonly entity?: Entity | undefined;
}

/**
 * A rewritten mention. `after` is added to the caption directly after the mention. `again` is added at the end of the
 * caption, as another mention of the same entity.
 */
export interface Rewritten {
  readonly text: string;
  readonly after?: string;
  readonly again?: string;
}

/** Titles that imply neither a sex nor a party, country or church. */
const TITLES = ["Dr.", "Prof.", "Professor", "Hon.", "Dr", "Prof", "Capt.", "Judge", "Senator", "Ambassador"];
const TITLES_AFTER = [", OBE", ", PhD", " FRS", ", M.D.", ", Esq.", " MBE", ", CBE", ", MP"];
const FAMILY_NAMES = [
  "Marlow",
  "Stein",
  "Novak",
  "Lindgren",
  "Moreau",
  "Ricci",
  "Duarte",
  "Visser",
  "Sato",
  "Katz",
];
const MAIDEN = ["née", "geb.", "born", "z domu", "roz.", "nata", "née"];

/** Ways to write a generation: 1 is senior, 2 is junior, 3 is the third. */
const GENERATIONS: Readonly<Record<number, readonly string[]>> = {
  1: [" Sr.", ", Senior", " the Elder", " I", ", père", " d. Ä."],
  2: [" Jr.", ", Junior", " the Younger", " II", ", fils", " d. J.", ", Jr"],
  3: [" III", ", 3rd", " 3rd"],
};

/**
 * Returns the words of a name in two lists: given names, and family names with their particles. The last word always
 * counts as a family name. Returns undefined unless the name has two to five words, begins with a capital letter, states
 * no generation, and contains no digits, commas, brackets or straight quotation marks.
 */
function halves(
  words: readonly string[],
): readonly [given: readonly string[], family: readonly string[]] | undefined {
  if (words.length < 2 || words.length > 5 || words.some((word) => /[\d,()"]/.test(word))) return undefined;
  if (parseName(words.join(" ")).generation !== undefined) return undefined;
  let start = words.length - 1;
  while (start > 1 && /^\p{Ll}/u.test(words[start - 1]!)) start -= 1;
  return /^\p{Lu}/u.test(words[0]!) && /\p{L}/u.test(words.at(-1)!)
    ? [words.slice(0, start), words.slice(start)]
    : undefined;
}

/** Returns a random item of a list that is not empty. */
export const pick = <T>(list: readonly T[], random: Random): T => list[random.below(list.length)]!;
const text = (value: string | undefined): Rewritten | undefined =>
  value === undefined ? undefined : { text: value };
const changed = (before: string, after: string): Rewritten | undefined =>
  before === after ? undefined : { text: after };

/**
 * Creates a rule for names that `halves` can divide. `write` receives the given names and the family names, and
 * returns the rewritten name, or undefined if the rule cannot be applied.
 */
const onHalves =
  (
    write: (given: readonly string[], family: readonly string[], random: Random) => string | undefined,
  ): Variation["rewrite"] =>
  ({ words }, random) => {
    const found = halves(words);
    return found && text(write(found[0], found[1], random));
  };

/** Decodes the UTF-8 bytes of a name as Windows-1252: "ü" becomes "Ã¼". */
const misread = (name: string): string =>
  new TextDecoder("windows-1252").decode(new TextEncoder().encode(name));

const UMLAUTS: Readonly<Record<string, string>> = {
  ä: "ae",
  ö: "oe",
  ü: "ue",
  Ä: "Ae",
  Ö: "Oe",
  Ü: "Ue",
  ß: "ss",
};
const MISREAD_LETTERS: readonly (readonly [string, string])[] = [
  ["rn", "m"],
  ["m", "rn"],
  ["e", "c"],
  ["l", "1"],
  ["h", "b"],
  ["u", "n"],
  ["ri", "n"],
  ["cl", "d"],
];

/**
 * Replaces one letter or letter pair in a name according to `MISREAD_LETTERS`, but never at the start of a word. The
 * place is chosen at random among all places where a replacement applies. Returns undefined if there is no such
 * place.
 */
function misreadOnce(name: string, random: Random): string | undefined {
  const places = MISREAD_LETTERS.flatMap(([from, to]) =>
    [...name.matchAll(new RegExp(`(?<=\\p{L})${from}`, "gu"))].map(({ index }) => ({ index, from, to })),
  );
  if (places.length === 0) return undefined;
  const { index, from, to } = pick(places, random);
  return name.slice(0, index) + to + name.slice(index + from.length);
}

/**
 * Makes a typing error in a random word of at least five letters: omits, doubles or replaces a letter inside the
 * word, or swaps it with the next letter. Returns undefined if there is no such word or the result equals the name.
 */
function mistyped(name: string, random: Random): string | undefined {
  const words = [...name.matchAll(/\p{L}{5,}/gu)];
  if (words.length === 0) return undefined;
  const { 0: word, index } = pick(words, random);
  const at = index + 1 + random.below(word.length - 2);
  const [one, two] = [name[at]!, name[at + 1]!];
  const written = pick(["", one + one, two + one, pick([..."aeinorst"], random)], random);
  const length = written.length === 2 && written !== one + one ? 2 : 1;
  const result = name.slice(0, at) + written + name.slice(at + length);
  return result === name ? undefined : result;
}

function initials(words: readonly string[]): string {
  return words.map((word) => `${[...word][0]}.`).join(" ");
}

const birthOf = (entity: Entity | undefined): number | undefined => yearOf(entity, /birth|born/i);
const deathOf = (entity: Entity | undefined): number | undefined => yearOf(entity, /death|died/i);

function yearOf(entity: Entity | undefined, names: RegExp): number | undefined {
  for (const [name, values] of Object.entries(entity?.properties ?? {})) {
    const years = names.test(name) ? yearsOf(values[0] ?? "") : undefined;
    if (years !== undefined && years[0] === years[1]) return years[0];
  }
  return undefined;
}

/**
 * Returns a random word, in a random language, for one of the entity's occupations; undefined if no occupation is
 * known.
 */
function roleOf(entity: Entity | undefined, random: Random): string | undefined {
  const values = Object.entries(entity?.properties ?? {}).flatMap(([name, list]) =>
    /occupation|profession/i.test(name) ? list : [],
  );
  const found = values.flatMap((value) => rolesIn(wordsOf(value))).filter(({ kind }) => kind === "person");
  return found.length === 0 ? undefined : pick(ROLES[pick(found, random).role]!.words, random);
}

/** All rules. First come the rules that keep all parts of a name, then the rules that remove or change some parts. */
export const VARIATIONS: readonly Variation[] = [
  {
    name: "title",
    keepsAll: true,
    rewrite: ({ text }, random) => ({ text: `${pick(TITLES, random)} ${text}` }),
  },
  {
    name: "two titles",
    keepsAll: true,
    rewrite: ({ text }, random) => ({ text: `Prof. ${pick(["Dr.", "Dr. Dr."], random)} ${text}` }),
  },
  {
    name: "letters after the name",
    keepsAll: true,
    rewrite: ({ text }, random) => ({ text: text + pick(TITLES_AFTER, random) }),
  },
  {
    name: "inverted",
    keepsAll: true,
    rewrite: onHalves((given, family) => `${family.join(" ")}, ${given.join(" ")}`),
  },
  {
    name: "library heading",
    keepsAll: true,
    rewrite: ({ words, entity }) => {
      const found = halves(words);
      const birth = birthOf(entity);
      return found && birth !== undefined
        ? { text: `${found[1].join(" ")}, ${found[0].join(" ")}, ${birth}-${deathOf(entity) ?? ""}` }
        : undefined;
    },
  },
  {
    name: "married name",
    keepsAll: true,
    rewrite: onHalves(
      (given, family, random) =>
        `${given.join(" ")} ${pick(FAMILY_NAMES, random)} ${pick(MAIDEN, random)} ${family.join(" ")}`,
    ),
  },
  {
    name: "maiden name in brackets",
    keepsAll: true,
    rewrite: onHalves(
      (given, family, random) =>
        `${given.join(" ")} ${family.join(" ")} (${pick(MAIDEN, random)} ${pick(FAMILY_NAMES, random)})`,
    ),
  },
  { name: "English genitive", keepsAll: true, rewrite: ({ text }) => ({ text: `${text}’s` }) },
  {
    name: "German genitive",
    keepsAll: true,
    rewrite: ({ text }) => (/[sxzß]$/u.test(text) ? { text: `${text}’` } : { text: `${text}s` }),
  },
  { name: "capitals", keepsAll: true, rewrite: ({ text }) => changed(text, text.toUpperCase()) },
  { name: "small letters", keepsAll: true, rewrite: ({ text }) => changed(text, text.toLowerCase()) },
  {
    name: "no accents",
    keepsAll: true,
    rewrite: ({ text }) => changed(text, text.normalize("NFD").replace(/\p{M}/gu, "")),
  },
  {
    name: "ae for ä",
    keepsAll: true,
    rewrite: ({ text }) =>
      changed(
        text,
        text.replace(/[äöüÄÖÜß]/g, (letter) => UMLAUTS[letter]!),
      ),
  },
  {
    name: "decomposed letters, no-break spaces",
    keepsAll: true,
    rewrite: ({ text }) => changed(text, text.normalize("NFD").replaceAll(" ", "\u00a0")),
  },
  { name: "broken encoding", keepsAll: true, rewrite: ({ text }) => changed(text, misread(text)) },
  {
    name: "line end",
    keepsAll: true,
    rewrite: ({ text }, random) => {
      const places = [...text.matchAll(/(?<=\p{L}{3})(?=\p{Ll}{3})/gu)];
      if (places.length === 0) return undefined;
      const { index } = pick(places, random);
      return { text: `${text.slice(0, index)}-\n${text.slice(index)}` };
    },
  },
  {
    name: "long s",
    keepsAll: true,
    rewrite: ({ text }) => changed(text, text.replace(/s(?=\p{Ll})/gu, "ſ")),
  },
  {
    name: "spaced out",
    keepsAll: true,
    rewrite: ({ words }) =>
      words.length < 2 ? undefined : { text: words.map((word) => [...word].join(" ")).join("  ") },
  },
  {
    name: "hashtag",
    keepsAll: true,
    rewrite: onHalves(
      (given, family) => `#${[...given, ...family].join("").replace(/[^\p{L}\p{M}\p{N}]/gu, "")}`,
    ),
  },
  {
    name: "generation in another form",
    keepsAll: true,
    rewrite: ({ text }, random) => {
      const { generation, suffix } = parseName(text);
      const forms = GENERATIONS[generation ?? 0];
      const words = text.split(/,?\s+/u);
      if (forms === undefined || suffix.length !== 1 || words.length < 3) return undefined;
      return changed(text, words.slice(0, -1).join(" ") + pick(forms, random));
    },
  },
  {
    name: "repeated family name",
    keepsAll: true,
    rewrite: ({ text, words }) => {
      const found = halves(words);
      return found && { text, again: found[1].join(" ") };
    },
  },
  {
    name: "years of life after the name",
    keepsAll: true,
    rewrite: ({ text, entity }, random) => {
      const [birth, death] = [birthOf(entity), deathOf(entity)];
      if (birth === undefined) return undefined;
      const born = [
        ` (born ${birth})`,
        `, b. ${birth},`,
        ` (* ${birth})`,
        `, né en ${birth},`,
        ` (geb. ${birth})`,
      ];
      return { text, after: death === undefined ? pick(born, random) : ` (${birth}–${death})` };
    },
  },
  {
    name: "occupation after the name",
    keepsAll: true,
    rewrite: ({ text, entity }, random) => {
      const role = roleOf(entity, random);
      return role === undefined ? undefined : { text, after: `, ${role},` };
    },
  },
  {
    name: "initial",
    keepsAll: false,
    rewrite: onHalves((given, family) => `${initials(given.slice(0, 1))} ${family.join(" ")}`),
  },
  {
    name: "initials and family name",
    keepsAll: false,
    rewrite: onHalves((given, family) =>
      given.length < 2 ? undefined : `${initials(given)} ${family.join(" ")}`,
    ),
  },
  {
    name: "first given name only",
    keepsAll: false,
    rewrite: onHalves((given, family) => (given.length < 2 ? undefined : `${given[0]} ${family.join(" ")}`)),
  },
  {
    name: "another initial",
    keepsAll: false,
    rewrite: onHalves(
      (given, family, random) =>
        `${given.join(" ")} ${pick([..."ABCDEFGHJKLMNPRSTW"], random)}. ${family.join(" ")}`,
    ),
  },
  { name: "family name", keepsAll: false, rewrite: onHalves((_, family) => family.join(" ")) },
  {
    name: "title and family name",
    keepsAll: false,
    rewrite: onHalves((_, family, random) => `${pick(TITLES, random)} ${family.join(" ")}`),
  },
  { name: "given name", keepsAll: false, rewrite: onHalves((given) => given.join(" ")) },
  {
    name: "family name and years of life",
    keepsAll: false,
    rewrite: ({ words, entity }) => {
      const found = halves(words);
      const [birth, death] = [birthOf(entity), deathOf(entity)];
      return found && birth !== undefined
        ? {
            text: found[1].join(" "),
            after: death === undefined ? ` (born ${birth})` : ` (${birth}–${death})`,
          }
        : undefined;
    },
  },
  {
    name: "letter wrong",
    keepsAll: false,
    rewrite: ({ text: name }, random) => text(mistyped(name, random)),
  },
  {
    name: "letter misread",
    keepsAll: false,
    rewrite: ({ text: name }, random) => text(misreadOnce(name, random)),
  },
];
