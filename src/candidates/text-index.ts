import { countingSort } from "./sorting.js";
import { MAX_UNITS, type Pattern } from "./pattern.js";
import { leastCommon, likeness } from "./score.js";

/** Texts by number; those of length 0 are left out. */
export interface TextList {
  readonly count: number;
  /** At most `MAX_UNITS`. */
  length(text: number): number;
  /** Writes a text into `units`. */
  write(text: number, units: Uint16Array): void;
}

/** Many texts, ready to be compared with others. */
export interface Texts {
  /**
   * Calls `found` with every text whose `likeness` with the pattern is at least what `least` returns at the time; those
   * of near lengths come first.
   */
  scan(pattern: Pattern, least: () => number, found: (text: number, likeness: number) => void): void;
}

type Scan = Parameters<Texts["scan"]>;

/** Code units fall into so many classes; for a text it is noted whether it has one, two, three or more of each. */
const CLASSES = 32;
const LEVELS = 3;
const MARKS = CLASSES * LEVELS;

/** Marks are counted so many at once, in numbers of seven bits: there are fewer than 128. */
const AT_ONCE = 8;
const FULL = 128;

const WORD = 32;

/** The texts of one length, from a place that is a multiple of 32; those that bytes do not hold are apart. */
interface Group {
  readonly length: number;
  /** Whether only the low bytes of the code units are kept. */
  readonly wide: boolean;
  readonly from: number;
  readonly to: number;
  /** Where the bytes of its texts begin, one text after the other. */
  readonly start: number;
}

/**
 * A text that is alike shares code units, whatever their order: one bit a text tells of each mark whether the text has it, and the marks
 * that a pattern has are added up for 32 texts at a time. Only where the sum is enough is the text itself compared. What is read of many
 * texts is kept in bytes: how much memory that is counts as much as what is done with it.
 */
export function createTexts(list: TextList): Texts {
  const { groups, ids, bytes } = sortTexts(list);
  const words = ids.length / WORD;
  const marks = noteMarks(groups.flat(), bytes, words);
  const text = new Uint16Array(MAX_UNITS);
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
    let sum0 = 0 - (begin & 1); // all bits or none; minus alone would make the number -0
    let sum1 = 0 - ((begin >> 1) & 1);
    let sum2 = 0 - ((begin >> 2) & 1);
    let sum3 = 0 - ((begin >> 3) & 1);
    let sum4 = 0 - ((begin >> 4) & 1);
    let sum5 = 0 - ((begin >> 5) & 1);
    let sum6 = 0 - ((begin >> 6) & 1);
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

  /** Calls `found` with those of the texts at `[from, to)`, whose common prefix with the pattern is at most `prefix` code units long. */
  const scanRange = (
    [pattern, least, found]: Scan,
    group: Group,
    from: number,
    to: number,
    prefix: number,
  ): void => {
    if (from === to) return;
    const { length, wide, from: first, start } = group;
    const common = leastCommon(pattern.length, length, least(), prefix);
    const need = Math.max(0, common - (pattern.length - distinct));
    if (common > Math.min(pattern.length, length) || need > distinct) return;
    for (let word = from >>> 5; word << 5 < to; word++) {
      let left = need === 0 ? -1 : enough(word, need);
      if (left === 0) continue;
      if (word << 5 < from) left &= -1 << (from & 31);
      if ((word + 1) << 5 > to) left &= (1 << (to & 31)) - 1;
      for (; left !== 0; left &= left - 1) {
        const at = (word << 5) + 31 - Math.clz32(left & -left);
        const begin = start + (at - first) * length;
        if (pattern.subsequenceBound(bytes, begin, begin + length) < common) continue;
        if (wide) list.write(ids[at]!, text);
        const alike = wide
          ? likeness(pattern, text, 0, length, least())
          : likeness(pattern, bytes, begin, begin + length, least());
        if (alike > 0) found(ids[at]!, alike);
      }
    }
  };

  /** Where the texts of a group begin whose first code units are those of the pattern, and where they end: of the first, of both. */
  const alikeAtStart = (group: Group, pattern: Pattern): readonly [number, number, number, number] => {
    const { length, from, to, start } = group;
    const keyAt = (at: number, unit: number): number =>
      length > unit ? bytes[start + (at - from) * length + unit]! : 0;
    const [one, two] = [pattern.unit(0) & 0xff, pattern.unit(1) & 0xff];
    const begin = partition(from, to, (at) => keyAt(at, 0) < one);
    const end = partition(begin, to, (at) => keyAt(at, 0) === one);
    const both = partition(begin, end, (at) => keyAt(at, 1) < two);
    return [begin, both, partition(both, end, (at) => keyAt(at, 1) === two), end];
  };

  return {
    scan(pattern, least, found) {
      if (pattern.length === 0) return;
      count(pattern);
      const scan: Scan = [pattern, least, found];
      for (const length of nearest(pattern.length)) {
        const common = leastCommon(pattern.length, length, least(), MAX_UNITS);
        if (common > Math.min(pattern.length, length)) continue;
        for (const group of groups[length]!) {
          const [begin, both, bothEnd, end] = alikeAtStart(group, pattern);
          scanRange(scan, group, both, bothEnd, MAX_UNITS);
          scanRange(scan, group, begin, both, 1);
          scanRange(scan, group, bothEnd, end, 1);
          scanRange(scan, group, group.from, begin, 0);
          scanRange(scan, group, end, group.to, 0);
        }
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
function noteMarks(groups: readonly Group[], bytes: Uint8Array, words: number): Int32Array {
  const marks = new Int32Array((MARKS + 1) * words);
  for (const { length, from, to, start } of groups) {
    for (let at = from; at < to; at++) {
      const word = at >>> 5;
      const bit = 1 << (at & 31);
      const begin = start + (at - from) * length;
      for (let unit = begin; unit < begin + length; unit++) {
        let place = (bytes[unit]! % CLASSES) * words + word;
        for (let level = 1; level < LEVELS && (marks[place]! & bit) !== 0; level++) place += CLASSES * words;
        marks[place]! |= bit;
      }
    }
  }
  return marks;
}

/** Groups the texts; `groups[length]` are those of a length, `ids` the texts' numbers by place. */
function sortTexts({ count, length, write }: TextList) {
  const kinds = new Uint16Array(count); // length and, for a wide text, `MAX_UNITS`
  const firsts = new Uint8Array(count);
  const seconds = new Uint8Array(count);
  const text = new Uint16Array(MAX_UNITS);
  for (let at = 0; at < count; at++) {
    const size = length(at);
    write(at, text);
    kinds[at] = size;
    for (let unit = 0; unit < size; unit++) if (text[unit]! > 0xff) kinds[at] = MAX_UNITS + size;
    firsts[at] = text[0]! & 0xff;
    seconds[at] = size > 1 ? text[1]! & 0xff : 0;
  }
  let order = Uint32Array.from(kinds.keys());
  for (const keys of [seconds, firsts]) order = countingSort(order, keys, 0x100).items;
  const { items, starts } = countingSort(order, kinds, 2 * MAX_UNITS + 1);
  const groups = Array.from({ length: MAX_UNITS + 1 }, (): Group[] => []);
  let place = 0;
  let used = 0;
  for (let kind = 1; kind <= 2 * MAX_UNITS; kind++) {
    const texts = starts[kind + 1]! - starts[kind]!;
    if (texts === 0) continue;
    const wide = kind > MAX_UNITS;
    const size = wide ? kind - MAX_UNITS : kind;
    groups[size]!.push({ length: size, wide, from: place, to: place + texts, start: used });
    place += WORD * Math.ceil(texts / WORD);
    used += texts * size;
  }
  const ids = new Uint32Array(place);
  const bytes = new Uint8Array(used);
  for (const { length: size, wide, from, to, start } of groups.flat()) {
    const first = starts[wide ? MAX_UNITS + size : size]!;
    for (let at = from; at < to; at++) {
      ids[at] = items[first + at - from]!;
      write(ids[at]!, text);
      for (let unit = 0; unit < size; unit++) bytes[start + (at - from) * size + unit] = text[unit]!;
    }
  }
  return { groups, ids, bytes };
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
