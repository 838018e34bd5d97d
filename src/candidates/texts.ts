import { countingSort } from "./counting-sort.js";
import { MAX_UNITS, type Pattern } from "./pattern.js";
import { leastCommon, likeness } from "./score.js";

/** Texts by number; those of length 0 are left out. */
export interface TextList {
  readonly count: number;
  /** At most `MAX_UNITS`. */
  length(text: number): number;
  /** Writes a text into `units` from `at` on. */
  write(text: number, units: Uint16Array, at: number): void;
}

/** Many texts, ready to be compared with others. */
export interface Texts {
  /**
   * Calls `found` with every text whose `likeness` with the pattern is at least what `least` returns at the time; those
   * of near lengths come first.
   */
  scan(pattern: Pattern, least: () => number, found: (text: number, likeness: number) => void): void;
}

/** Code units fall into so many classes; for a text it is noted whether it has one, two, three or more of each. */
const CLASSES = 32;
const LEVELS = 3;
const MARKS = CLASSES * LEVELS;

/** Marks are counted so many at once, in numbers of seven bits: there are fewer than 128. */
const AT_ONCE = 8;
const FULL = 128;

const WORD = 32;

/** Texts stand in order of so many classes of their first two code units. */
const KEYS = 256;

/** The texts of one length, from a place that is a multiple of 32. */
interface Group {
  readonly from: number;
  readonly to: number;
  /** Where the units of its texts begin, one text after the other. */
  readonly start: number;
}

/**
 * A text that is alike shares code units, whatever their order: one bit a text tells of each mark whether the text has it, and the marks
 * that a pattern has are added up for 32 texts at a time. Only where the sum is enough is the text itself compared.
 */
export function createTexts(list: TextList): Texts {
  const { groups, ids, units } = sortTexts(list);
  const words = ids.length / WORD;
  const marks = noteMarks(groups, units, words);
  const places = new Int32Array(MAX_UNITS + AT_ONCE); // where in `marks` those of the pattern begin
  let counted = 0; // of them, with those without a mark that fill them up
  let distinct = 0;

  const count = (pattern: Pattern): void => {
    distinct = counted = 0;
    for (const mark of marksOf(pattern)) places[counted++] = mark * words;
    distinct = counted;
    while (counted % AT_ONCE !== 0) places[counted++] = MARKS * words;
  };

  /** The texts of 32 places, a bit each, that have at least `need` of the pattern's marks. */
  const enough = (word: number, need: number): number => {
    const begin = FULL - need; // reaches `FULL`, and overflows, when `need` are added
    let sum0 = -(begin & 1);
    let sum1 = -((begin >> 1) & 1);
    let sum2 = -((begin >> 2) & 1);
    let sum3 = -((begin >> 3) & 1);
    let sum4 = -((begin >> 4) & 1);
    let sum5 = -((begin >> 5) & 1);
    let sum6 = -((begin >> 6) & 1);
    let over = 0;
    for (let at = 0; at < counted; at += AT_ONCE) {
      // Full adders: of three bits of a place, one stays there and one is carried to the next.
      const a = marks[places[at]! + word]!;
      const b = marks[places[at + 1]! + word]!;
      const ab = a ^ b;
      const one1 = (a & b) | (ab & sum0);
      sum0 ^= ab;
      const c = marks[places[at + 2]! + word]!;
      const d = marks[places[at + 3]! + word]!;
      const cd = c ^ d;
      const one2 = (c & d) | (cd & sum0);
      sum0 ^= cd;
      const e = marks[places[at + 4]! + word]!;
      const f = marks[places[at + 5]! + word]!;
      const ef = e ^ f;
      const one3 = (e & f) | (ef & sum0);
      sum0 ^= ef;
      const g = marks[places[at + 6]! + word]!;
      const h = marks[places[at + 7]! + word]!;
      const gh = g ^ h;
      const one4 = (g & h) | (gh & sum0);
      sum0 ^= gh;
      const ones12 = one1 ^ one2;
      const two1 = (one1 & one2) | (ones12 & sum1);
      sum1 ^= ones12;
      const ones34 = one3 ^ one4;
      const two2 = (one3 & one4) | (ones34 & sum1);
      sum1 ^= ones34;
      const twos = two1 ^ two2;
      const four = (two1 & two2) | (twos & sum2);
      sum2 ^= twos;
      const eight = sum3 & four;
      sum3 ^= four;
      const sixteen = sum4 & eight;
      sum4 ^= eight;
      const thirtyTwo = sum5 & sixteen;
      sum5 ^= sixteen;
      over |= sum6 & thirtyTwo;
      sum6 ^= thirtyTwo;
    }
    return over;
  };

  return {
    scan(pattern, least, found) {
      if (pattern.length === 0) return;
      count(pattern);
      const free = pattern.length - distinct;

      /** Compares the texts at `[from, to)`, of which no more than `prefix` code units at the beginning are those of the pattern. */
      const scanRange = (length: number, from: number, to: number, prefix: number): void => {
        if (from === to) return;
        const { from: first, start } = groups[length]!;
        const common = leastCommon(pattern.length, length, least(), prefix);
        const need = Math.max(0, common - free);
        if (common > Math.min(pattern.length, length) || need > distinct) return;
        for (let word = from >>> 5; word << 5 < to; word++) {
          let left = need === 0 ? -1 : enough(word, need);
          if (left === 0) continue;
          if (word << 5 < from) left &= -1 << (from & 31);
          if ((word + 1) << 5 > to) left &= (1 << (to & 31)) - 1;
          for (; left !== 0; left &= left - 1) {
            const at = (word << 5) + 31 - Math.clz32(left & -left);
            const begin = start + (at - first) * length;
            const alike = likeness(pattern, units, begin, begin + length, least());
            if (alike > 0) found(ids[at]!, alike);
          }
        }
      };

      for (const length of nearest(pattern.length)) {
        const { from, to, start } = groups[length]!;
        const keyAt = (at: number, unit: number): number =>
          length > unit ? units[start + (at - from) * length + unit]! % KEYS : 0;
        const [one, two] = [pattern.unit(0) % KEYS, pattern.unit(1) % KEYS];
        const begin = partition(from, to, (at) => keyAt(at, 0) < one);
        const end = partition(begin, to, (at) => keyAt(at, 0) === one);
        const both = partition(begin, end, (at) => keyAt(at, 1) < two);
        const bothEnd = partition(both, end, (at) => keyAt(at, 1) === two);
        scanRange(length, both, bothEnd, MAX_UNITS);
        scanRange(length, begin, both, 1);
        scanRange(length, bothEnd, end, 1);
        scanRange(length, from, begin, 0);
        scanRange(length, end, to, 0);
      }
    },
  };
}

/** The marks of a text: `CLASSES` times how many of its class came before, and the class; no more than `LEVELS` of each. */
function* marksOf(pattern: Pattern): Generator<number> {
  const levels = new Uint8Array(CLASSES);
  for (let at = 0; at < pattern.length; at++) {
    const kind = pattern.unit(at) % CLASSES;
    if (levels[kind]! < LEVELS) yield CLASSES * levels[kind]!++ + kind;
  }
}

/** A bit for each mark and place, `[mark, word of 32 places]`, and after the last mark one that no text has. */
function noteMarks(groups: readonly Group[], units: Uint16Array, words: number): Int32Array {
  const marks = new Int32Array((MARKS + 1) * words);
  groups.forEach(({ from, to, start }, length) => {
    for (let at = from; at < to; at++) {
      const word = at >>> 5;
      const bit = 1 << (at & 31);
      const begin = start + (at - from) * length;
      for (let unit = begin; unit < begin + length; unit++) {
        let place = (units[unit]! % CLASSES) * words + word;
        for (let level = 1; level < LEVELS && (marks[place]! & bit) !== 0; level++) place += CLASSES * words;
        marks[place]! |= bit;
      }
    }
  });
  return marks;
}

/** Groups the texts; `ids` are their numbers by place. */
function sortTexts({ count, length, write }: TextList) {
  const lengths = new Uint16Array(count);
  const firsts = new Uint8Array(count);
  const seconds = new Uint8Array(count);
  const text = new Uint16Array(MAX_UNITS);
  for (let at = 0; at < count; at++) {
    lengths[at] = length(at);
    write(at, text, 0);
    firsts[at] = text[0]! % KEYS;
    seconds[at] = lengths[at]! > 1 ? text[1]! % KEYS : 0;
  }
  let order = Uint32Array.from(lengths.keys());
  for (const keys of [seconds, firsts]) order = countingSort(order, keys, KEYS).items;
  const { items, starts } = countingSort(order, lengths, MAX_UNITS + 1);
  const groups: Group[] = [{ from: 0, to: 0, start: 0 }];
  let place = 0;
  let used = 0;
  for (let size = 1; size <= MAX_UNITS; size++) {
    const texts = starts[size + 1]! - starts[size]!;
    groups.push({ from: place, to: place + texts, start: used });
    place += WORD * Math.ceil(texts / WORD);
    used += texts * size;
  }
  const ids = new Uint32Array(place);
  const units = new Uint16Array(used);
  groups.forEach(({ from, to, start }, size) => {
    for (let at = from; at < to; at++) {
      ids[at] = items[starts[size]! + at - from]!;
      write(ids[at]!, units, start + (at - from) * size);
    }
  });
  return { groups, ids, units };
}

/** The lengths of texts in order of their distance from `length`. */
function* nearest(length: number): Generator<number> {
  yield length;
  for (let far = 1; far < MAX_UNITS; far++) {
    if (length - far > 0) yield length - far;
    if (length + far <= MAX_UNITS) yield length + far;
  }
}

/** The first number of `[from, to)` for which `before` does not hold, where it holds for all smaller ones. */
export function partition(from: number, to: number, before: (at: number) => boolean): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
