import { createRandom, type Random } from "../../src/core/index.js";

/**
 * Spellings of a sound in Latin, Cyrillic, Greek and Arabic script. `|` separates alternatives, such as official and common
 * spellings or those of another language. Written from general knowledge, independently of the rules under test.
 */
const CONSONANTS = `
p    п  π  ب
b    б  μπ  ب
t    т  τ  ت|ط
d    д  ντ  د
k|c  к  κ  ك
g    г  γκ  غ|ج
f|ph ф  φ  ف
v|w  в  β  ف
s    с  σ  س
z    з  ζ  ز
sh   ш  σ  ش
ch|tch ч τσ تش
kh|h х  χ  خ
m    м  μ  م
n    н  ν  ن
l    л  λ  ل
r    р  ρ  ر`;

const VOWELS = `
a    а  α  ا|
e    е|э  ε  ي|
i|y  и|ы  ι  ي
o    о  ο|ω  و
u|ou у  ου  و`;

/** Vowels at the start of a word, which are always written. */
const OPENING = `
a    а  α  أ
e    э  ε  إ
i    и  ι  إ
o    о  ο|ω  أو
u    у  ου  أو`;

const ENDINGS = `
in   ин  ιν  ين
ov|off ов οφ وف
man  ман  μαν  مان
er   ер  ερ  ر
is   ис  ις  يس`;

type Sound = readonly (readonly string[])[]; // [script, spelling]

const sounds = (lines: string): Sound[] =>
  lines
    .trim()
    .split("\n")
    .map((line) => line.split(/ +/u).map((spellings) => spellings.split("|")));

const INVENTORY = {
  consonants: sounds(CONSONANTS),
  vowels: sounds(VOWELS),
  opening: sounds(OPENING),
  endings: sounds(ENDINGS),
};

/** `count` random people for a seed, each with a name in the four scripts. */
export function crossScriptPeople(count: number, seed: number): readonly (readonly string[])[] {
  const random = createRandom(`cross-script ${seed}`);
  return Array.from({ length: count }, () => {
    const [given, family] = [wordOf(random, false), wordOf(random, true)];
    return given.map((name, script) => `${title(name)} ${title(family[script]!)}`);
  });
}

function wordOf(random: Random, family: boolean): string[] {
  const pick = (list: readonly Sound[]): Sound => list[random.below(list.length)]!;
  const parts: Sound[] = [pick(random.next() < 0.15 ? INVENTORY.opening : INVENTORY.consonants)];
  if (!INVENTORY.opening.includes(parts[0]!)) parts.push(pick(INVENTORY.vowels));
  for (let syllables = 1 + random.below(2); syllables > 0; syllables--) {
    parts.push(pick(INVENTORY.consonants));
    if (syllables > 1 || !family) parts.push(pick(INVENTORY.vowels));
  }
  if (family) parts.push(pick(INVENTORY.endings));
  return [0, 1, 2, 3].map((script) =>
    parts.map((sound) => sound[script]![random.below(sound[script]!.length)]!).join(""),
  );
}

const title = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
