import { scriptOfWord, type TransliteratedScript } from "./script.js";
import { ARABIC, CYRILLIC, GREEK, LATIN, type Spellings } from "./spellings.js";
import { ARABIC_SOUNDS, CYRILLIC_SOUNDS, GREEK_SOUNDS, LATIN_SOUNDS } from "./word-sounds.js";

/** For each script, every spelling with its possible sounds, the usual one first. */
const SPELLINGS: Readonly<Record<TransliteratedScript, ReadonlyMap<string, readonly string[]>>> = {
  latin: merged(LATIN, LATIN_SOUNDS),
  cyrillic: merged(CYRILLIC, CYRILLIC_SOUNDS),
  greek: merged(GREEK, GREEK_SOUNDS),
  arabic: merged(ARABIC, ARABIC_SOUNDS),
};

/** Maximum length of a spelling, and of a word; the rest of a longer word is ignored. */
const MAX = { spelling: 5, word: 24 } as const;

/** The characters for sounds in `spellings.ts` and `word-sounds.ts`. The first one means a silent letter. */
const SOUNDS = "_abdefghijklmnoprstuvzCSZ";
const SILENT = 0;
const VOWELS = "aeiou";

/**
 * Costs, measured in sounds. The cost of a sound that is not the usual one is `rare` times its index in the spelling's
 * list of sounds. `unwritten` is the cost of a vowel without a counterpart in an Arabic word, because Arabic does not
 * write short vowels.
 */
const COST = { other: 1, rare: 0.05, silent: 0.1, vowel: 0.5, unwritten: 0.12, weak: 0.3 } as const;

/** Factor by which the cost per sound is multiplied to get the difference between two words. */
const STRICTNESS = 1.5;

/** Costs of replacing a sound with a similar sound, as groups of pairs of sounds. */
const NEAR: readonly (readonly [cost: number, pairs: string])[] = [
  [0.2, "ou ei sz sS zZ uv fv"],
  [0.3, "ae ij gj jZ SC SZ bp dt gk"],
  [0.4, "ao iu Cs Cj jz sZ zS gh hk eo ai au"],
  [0.5, "Ct Cz bv jh eu oi mn st zt zd"],
];

const COUNT = SOUNDS.length;
const SUBSTITUTION = substitutions();
const DELETION = Float64Array.from(SOUNDS, (sound) =>
  sound === "_" ? COST.silent : VOWELS.includes(sound) ? COST.vowel : sound === "h" ? COST.weak : COST.other,
);
DELETION[SOUNDS.indexOf("i")] = COST.weak;
const UNWRITTEN = DELETION.map((cost, sound) => (VOWELS.includes(SOUNDS[sound]!) ? COST.unwritten : cost));

/** All ways to pronounce a word: a graph whose paths from the first to the last node are its readings. */
interface Readings {
  readonly nodes: number;
  /** For each node, the index of its first edge. */
  readonly start: Uint16Array;
  readonly to: Uint16Array;
  readonly sound: Uint8Array;
  readonly cost: Float64Array;
  /** Number of sounds of the shortest reading. */
  readonly length: number;
  readonly arabic: boolean;
}

/**
 * Compares the sounds of two folded words in different scripts. Returns the similarity, in [0, 1], of their two most
 * similar readings: 1 minus `STRICTNESS` times the cost of the differences per sound. Returns 0 if one of the words is
 * in an unsupported script, or if the similarity is below `least`.
 */
export function soundLikeness(a: string, b: string, least = 0): number {
  const [first, second] = [graphOf(a), graphOf(b)];
  if (first === undefined || second === undefined) return 0;
  const longer = Math.max(first.length, second.length, 1);
  const most = ((1 - least) * longer) / STRICTNESS + ROUNDING;
  return Math.max(0, 1 - (STRICTNESS * distance(first, second, most)) / longer);
}

/** A number that is larger than the rounding error of a cost. */
const ROUNDING = 1e-9;

/** Two generations of a cache of readings. */
let last = new Map<string, Readings | undefined>();
let older = new Map<string, Readings | undefined>();
/** Number of words in each of the two generations of the cache. */
const CACHED = 8192;

function graphOf(word: string): Readings | undefined {
  let found = last.get(word);
  if (found !== undefined) return found;
  found = older.get(word) ?? createGraph(word);
  if (last.size >= CACHED) [older, last] = [last, new Map()];
  last.set(word, found);
  return found;
}

/**
 * A sound between two nodes. `end` is the position in the word after the spelling of the sound. While the graph is
 * built, `to` is -1 for the last sound of a spelling, because the node at `end` does not exist yet.
 */
interface Edge {
  readonly from: number;
  to: number;
  readonly end: number;
  readonly sound: number;
  readonly cost: number;
}

function createGraph(written: string): Readings | undefined {
  const script = scriptOfWord(written);
  if (script === undefined) return undefined;
  const word = written.replace(DOUBLED, "$1").slice(0, MAX.word);
  const edges: Edge[] = [];
  const nodeAt: number[] = [];
  let nodes = 0;
  for (let at = 0; at <= word.length; at++) {
    nodeAt.push(nodes++);
    if (at === word.length) break;
    for (const { end, sounds } of spellingsAt(word, at, SPELLINGS[script]))
      sounds.forEach((sound, rank) => {
        let from = nodeAt[at]!;
        const units = sound === "" ? "_" : sound;
        for (let step = 0; step < units.length; step++) {
          const to = step === units.length - 1 ? -1 : nodes++;
          const cost = step === 0 ? rank * COST.rare : 0;
          edges.push({ from, to, end, sound: SOUNDS.indexOf(units[step]!), cost });
          from = to;
        }
      });
  }
  for (const edge of edges) if (edge.to < 0) edge.to = nodeAt[edge.end]!;
  edges.sort((x, y) => x.from - y.from);
  const start = new Uint16Array(nodes + 1);
  for (const { from } of edges) start[from + 1]!++;
  for (let node = 0; node < nodes; node++) start[node + 1]! += start[node]!;
  const shortest = new Array<number>(nodes).fill(Number.POSITIVE_INFINITY);
  shortest[0] = 0;
  for (const { from, to, sound } of edges)
    shortest[to] = Math.min(shortest[to]!, shortest[from]! + (sound === SILENT ? 0 : 1));
  return {
    nodes,
    start,
    to: Uint16Array.from(edges, ({ to }) => to),
    sound: Uint8Array.from(edges, ({ sound }) => sound),
    cost: Float64Array.from(edges, ({ cost }) => cost),
    length: shortest[nodes - 1]!,
    arabic: script === "arabic",
  };
}

/** Matches a doubled letter that sounds like a single one. Greek γγ sounds like ng. */
const DOUBLED = /([^aeiouγ])\1+/gu;

/** A spelling found in a word, with its possible sounds. `end` is the position after the spelling. */
interface PlacedSpelling {
  readonly end: number;
  readonly sounds: readonly string[];
}

/**
 * Returns all spellings that start at `at`. A letter without a spelling is its own sound, or silent if it is not in
 * `SOUNDS`.
 */
function spellingsAt(word: string, at: number, spellings: ReadonlyMap<string, readonly string[]>) {
  const found: PlacedSpelling[] = [];
  for (let end = at + 1; end <= Math.min(word.length, at + MAX.spelling); end++) {
    const spelling = word.slice(at, end);
    const keys = [spelling];
    if (at === 0) keys.push(`^${spelling}`);
    else if (end === word.length) keys.push(`${spelling}$`);
    for (const key of keys) {
      const sounds = spellings.get(key);
      if (sounds !== undefined) found.push({ end, sounds });
    }
    const isOwn = end === at + 1 && found.length === 0 && SOUNDS.indexOf(spelling) > SILENT;
    if (isOwn) found.push({ end, sounds: [spelling] });
  }
  return found.length > 0 ? found : [{ end: at + 1, sounds: [""] }];
}

/** Scratch memory of `distance`: the least cost for each pair of nodes. */
let table = new Float64Array(4096);

function lower(at: number, cost: number): void {
  if (cost < table[at]!) table[at] = cost;
}

/**
 * Returns the least cost of turning a reading of one word into a reading of the other, or infinity if it is more than
 * `most`.
 */
function distance(a: Readings, b: Readings, most: number): number {
  const width = b.nodes;
  if (table.length < a.nodes * width) table = new Float64Array(2 * a.nodes * width);
  table.fill(Number.POSITIVE_INFINITY, 0, a.nodes * width);
  table[0] = 0;
  const dropA = b.arabic ? UNWRITTEN : DELETION;
  const dropB = a.arabic ? UNWRITTEN : DELETION;
  for (let u = 0; u < a.nodes; u++)
    for (let v = 0; v < width; v++) {
      const cost = table[u * width + v]!;
      if (cost > most) continue;
      for (let f = b.start[v]!; f < b.start[v + 1]!; f++)
        lower(u * width + b.to[f]!, cost + b.cost[f]! + dropB[b.sound[f]!]!);
      for (let e = a.start[u]!; e < a.start[u + 1]!; e++) {
        const row = a.to[e]! * width;
        const spent = cost + a.cost[e]!;
        lower(row + v, spent + dropA[a.sound[e]!]!);
        const costs = a.sound[e]! * COUNT;
        for (let f = b.start[v]!; f < b.start[v + 1]!; f++)
          lower(row + b.to[f]!, spent + b.cost[f]! + SUBSTITUTION[costs + b.sound[f]!]!);
      }
    }
  const found = table[a.nodes * width - 1]!;
  return found > most ? Number.POSITIVE_INFINITY : found;
}

function substitutions(): Float64Array {
  const costs = new Float64Array(COUNT * COUNT);
  for (let x = 0; x < COUNT; x++)
    for (let y = 0; y < COUNT; y++) {
      const vowels = VOWELS.includes(SOUNDS[x]!) && VOWELS.includes(SOUNDS[y]!);
      costs[x * COUNT + y] =
        x === y
          ? 0
          : x === SILENT || y === SILENT
            ? Number.POSITIVE_INFINITY
            : vowels
              ? COST.vowel
              : COST.other;
    }
  for (const [cost, pairs] of NEAR)
    for (const pair of pairs.split(" ")) {
      const [x, y] = [SOUNDS.indexOf(pair[0]!), SOUNDS.indexOf(pair[1]!)];
      costs[x * COUNT + y] = costs[y * COUNT + x] = cost;
    }
  return costs;
}

function merged(usual: Spellings, precise: Spellings): ReadonlyMap<string, readonly string[]> {
  const all = Object.entries({ ...usual, ...precise });
  return new Map(all.map(([spelling, sounds]) => [spelling, typeof sounds === "string" ? [sounds] : sounds]));
}
