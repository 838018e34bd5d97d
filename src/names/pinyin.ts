import { wordsOf } from "./fold.js";

/**
 * The syllables of Mandarin in Pinyin: an initial, and the finals that may follow it. Source: the standard table of
 * Pinyin syllables.
 */
const SYLLABLES: ReadonlySet<string> = new Set(
  [
    ":a ai an ang ao e en er ou",
    "b:a ai an ang ao ei en eng i ian iao ie in ing o u",
    "p:a ai an ang ao ei en eng i ian iao ie in ing o ou u",
    "m:a ai an ang ao ei en eng i ian iao ie in ing iu o ou u",
    "f:a an ang ei en eng o ou u",
    "d:a ai an ang ao e ei eng i ian iao ie ing iu ong ou u uan ui un uo",
    "t:a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
    "n:a ai an ang ao ei en eng i ian iang iao ie in ing iu ong u uan uo ue",
    "l:a ai an ang ao e ei eng i ian iang iao ie in ing iu ong ou u uan un uo ue",
    "g:a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "k:a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo",
    "h:a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
    "j:i ia ian iang iao ie in ing iong iu u uan ue un",
    "q:i ia ian iang iao ie in ing iong iu u uan ue un",
    "x:i ia ian iang iao ie in ing iong iu u uan ue un",
    "zh:a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "ch:a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
    "sh:a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
    "r:an ang ao e en eng i ong ou u uan ui un uo",
    "z:a ai an ang ao e en eng i ong ou u uan ui un uo",
    "c:a ai an ang ao e en eng i ong ou u uan ui un uo",
    "s:a ai an ang ao e en eng i ong ou u uan ui un uo",
    "y:a an ang ao e i in ing ong ou u uan ue un",
    "w:a ai an ang ei en eng o u",
  ].flatMap((row) => {
    const [initial = "", finals = ""] = row.split(":");
    return finals.split(" ").map((final) => initial + final);
  }),
);

/** Common family names in Pinyin. Source: written for this project from general knowledge. */
const FAMILY_NAMES: ReadonlySet<string> = new Set(
  "bai bao cai cao chang chen cheng cui dai deng ding dong du duan fan fang feng fu gao ge gong gu guo han hao he hong hou hu huang jia jiang jin kang kong lai lei li liang liao lin liu long lu luo lü ma mao meng mo pan peng qian qiao qin qiu ren shao shen shi song su sun tan tang tao tian wan wang wei wen wu xi xia xiang xiao xie xiong xu xue yan yang yao ye yi yin you yu yuan zeng zhang zhao zheng zhong zhou zhu zhuang zou".split(
    " ",
  ),
);

/**
 * The Pinyin initials of each Wade–Giles initial. `p`, `t`, `k`, `ch` and `ts` are ambiguous, because apostrophes are
 * removed.
 */
const INITIALS: Readonly<Record<string, readonly string[]>> = {
  ch: ["zh", "ch", "j", "q"],
  hs: ["x"],
  sh: ["sh"],
  ss: ["s"],
  sz: ["s"],
  ts: ["z", "c"],
  tz: ["z", "c"],
  p: ["b", "p"],
  t: ["d", "t"],
  k: ["g", "k"],
  j: ["r"],
};

/** Wade–Giles finals that Pinyin spells differently, each with the Pinyin finals that it can correspond to. */
const FINALS: Readonly<Record<string, readonly string[]>> = {
  eh: ["e"],
  en: ["en", "an"],
  erh: ["er"],
  ieh: ["ie"],
  ien: ["ian"],
  ih: ["i"],
  iung: ["iong"],
  o: ["o", "uo", "e"],
  u: ["u", "ou", "i"],
  ueh: ["ue"],
  uei: ["ui"],
  ung: ["ong"],
};

const MAX_SYLLABLE = 6;
const MAX_READINGS = 6;
/** Minimum and maximum number of syllables of a name. */
const LENGTH = { min: 2, max: 4 } as const;
/** Maximum length of a name in UTF-16 code units; longer names have no readings. */
const MAX_TEXT = 40;
/** Matches the apostrophe of an aspirated consonant: "Ch'en". */
const APOSTROPHE = /(?<=[ptks]|ch)['’‘ʻ`](?=[a-z])/giu;
const JOINED = /[-‐'’‘ʻ`]/u;

/**
 * Returns the Pinyin spellings of a Chinese name in Wade–Giles, with the family name first: "Mao Zedong" for "Mao
 * Tse-tung". Apostrophes are ignored because they are often omitted, so a syllable may have several readings. Returns
 * an empty list for other names, and for a name that is already in Pinyin, unless it contains a hyphen or an
 * apostrophe. The result does not depend on case or accents.
 */
export function pinyinReadings(name: string): readonly string[] {
  if (name.length > MAX_TEXT) return [];
  const [family = "", ...given] = wordsOf(name.replace(APOSTROPHE, ""));
  if (given.length === 0 || given.length > 2 || family.length > MAX_SYLLABLE) return [];
  const families = familyNamesOf(family);
  if (families.length === 0) return [];
  const readings = given
    .map(splitsOf)
    .reduce<readonly (readonly string[])[]>(
      (all, word) => all.flatMap((before) => word.map((syllables) => [...before, ...syllables])),
      [[]],
    )
    .filter(({ length }) => length + 1 >= LENGTH.min && length + 1 <= LENGTH.max);
  const written = family + given.join("");
  const isPinyin =
    FAMILY_NAMES.has(family) && readings.some((syllables) => family + syllables.join("") === written);
  if (isPinyin && !JOINED.test(name)) return [];
  return readings
    .flatMap((syllables) => families.map((first) => [first, syllables.join("")] as const))
    .filter(([first, rest]) => first + rest !== written)
    .slice(0, MAX_READINGS)
    .map((words) => words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join(" "));
}

/** Maximum number of words whose family names are cached. */
const MAX_CACHED = 10_000;
const familyNames = new Map<string, readonly string[]>();

/** Returns the Pinyin family names that a word in Wade–Giles or Pinyin may mean. Caches the results. */
function familyNamesOf(word: string): readonly string[] {
  const known = familyNames.get(word);
  if (known !== undefined) return known;
  const found = syllablesOf(word).filter((syllable) => FAMILY_NAMES.has(syllable));
  if (familyNames.size < MAX_CACHED) familyNames.set(word, found);
  return found;
}

/** Returns the Pinyin syllables that a syllable in Wade–Giles or Pinyin may mean. */
function syllablesOf(syllable: string): readonly string[] {
  const [, initial = "", final = ""] = /^(ch|hs|sh|ss|sz|ts|tz|[bcdfghjklmnpqrstwxyz]?)(.*)$/u.exec(
    syllable,
  )!;
  const spelled = (INITIALS[initial] ?? [initial]).flatMap((first) =>
    [...(FINALS[final] ?? [final])].map((last) => first + last),
  );
  const first = spelled.filter((reading) => SYLLABLES.has(reading));
  return [...new Set([...first, ...(SYLLABLES.has(syllable) ? [syllable] : [])])];
}

/** Returns the sequences of at most two Pinyin syllables that a word may mean. */
function splitsOf(word: string): readonly (readonly string[])[] {
  const whole = word.length > MAX_SYLLABLE ? [] : syllablesOf(word).map((syllable) => [syllable]);
  if (whole.length > 0) return whole;
  for (let length = Math.min(MAX_SYLLABLE, word.length - 1); length > 0; length--) {
    const [firsts, lasts] = [syllablesOf(word.slice(0, length)), syllablesOf(word.slice(length))];
    if (firsts.length > 0 && lasts.length > 0)
      return firsts.flatMap((first) => lasts.map((last) => [first, last]));
  }
  return [];
}
