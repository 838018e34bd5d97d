import { countingSort, partition } from "../core/sorting.js";
import { MAX_UNITS, type Pattern } from "./pattern.js";
import { leastCommon, likeness } from "./score.js";

/** A list of texts, numbered from 0. Texts of length 0 are not indexed. */
export interface TextList {
  readonly count: number;
  /** Returns the length of a text in code units, at most `MAX_UNITS`. */
  length(text: number): number;
  /** Writes the code units of a text to the start of `units`. */
  write(text: number, units: Uint16Array): void;
}

/** Finds texts that are similar to a pattern. */
export interface TextIndex {
  /**
   * Calls `found` with every text whose `likeness` to the pattern is at least `least()`. This minimum may rise during
   * the scan. Texts whose length is closest to the pattern's come first.
   */
  scan(pattern: Pattern, least: () => number, found: (text: number, likeness: number) => void): void;
}

type Scan = Parameters<TextIndex["scan"]>;

/**
 * Number of classes that code units are hashed into. A text has one mark for each of its first `LEVELS` occurrences of a
 * class.
 */
const CLASSES = 32;
const LEVELS = 3;
const MARKS = CLASSES * LEVELS;

/** Number of marks that are counted at a time. The counters have seven bits, because there are fewer than 128 marks. */
const GROUP_SIZE = 8;
const COUNTER_LIMIT = 128;

const WORD = 32;

/**
 * The texts of one length, at the positions `[from, to)`; `from` is a multiple of 32. "Wide" texts, which contain code units
 * above 0xff, are in separate groups.
 */
interface Group {
  readonly length: number;
  /** Whether the texts are wide. If they are, `bytes` contains only the low bytes of their code units. */
  readonly wide: boolean;
  readonly from: number;
  readonly to: number;
  /** Index in `bytes` at which the group's texts begin. The texts are stored one after the other. */
  readonly start: number;
}

/**
 * Builds an index that filters texts before it compares them. Similar texts share code units, in any order, so the index
 * stores one bit per text and mark. A scan adds up the bits of the pattern's marks for 32 texts at a time, and compares only
 * the texts that share enough marks with the pattern. Texts are stored as bytes, which halves the amount of memory to read.
 * This matters because reading takes as much time as the computation.
 */
export function createTextIndex(list: TextList): TextIndex {
  const { groups, ids, starts, bytes } = groupTexts(list);
  const words = ids.length / WORD;
  const marks = collectMarks(groups.flat(), bytes, words);
  const text = new Uint16Array(MAX_UNITS);
  const offsets = new Int32Array(MAX_UNITS + GROUP_SIZE); // offsets in `marks` of the pattern's marks, then padding
  let counted = 0; // number of offsets, with padding
  let distinct = 0; // number of offsets, without padding

  const takeMarks = (pattern: Pattern): void => {
    distinct = counted = 0;
    for (const mark of marksOf(pattern)) offsets[counted++] = mark * words;
    distinct = counted;
    while (counted % GROUP_SIZE !== 0) offsets[counted++] = MARKS * words;
  };

  /** Returns one bit for each of 32 texts: whether the text has at least `need` of the pattern's marks. */
  const withMarks = (word: number, need: number): number => {
    const begin = COUNTER_LIMIT - need; // overflows once `need` marks are added
    let sum0 = 0 - (begin & 1); // all ones or all zeros; unary minus would produce -0
    let sum1 = 0 - ((begin >> 1) & 1);
    let sum2 = 0 - ((begin >> 2) & 1);
    let sum3 = 0 - ((begin >> 3) & 1);
    let sum4 = 0 - ((begin >> 4) & 1);
    let sum5 = 0 - ((begin >> 5) & 1);
    let sum6 = 0 - ((begin >> 6) & 1);
    let over = 0;
    for (let at = 0; at < counted; at += GROUP_SIZE) {
      // Full adders: the sum of three bits keeps one bit here and carries one to the next counter bit.
      const a = marks[offsets[at]! + word]!;
      const b = marks[offsets[at + 1]! + word]!;
      const ab = a ^ b;
      const one1 = (a & b) | (ab & sum0);
      sum0 ^= ab;
      const c = marks[offsets[at + 2]! + word]!;
      const d = marks[offsets[at + 3]! + word]!;
      const cd = c ^ d;
      const one2 = (c & d) | (cd & sum0);
      sum0 ^= cd;
      const e = marks[offsets[at + 4]! + word]!;
      const f = marks[offsets[at + 5]! + word]!;
      const ef = e ^ f;
      const one3 = (e & f) | (ef & sum0);
      sum0 ^= ef;
      const g = marks[offsets[at + 6]! + word]!;
      const h = marks[offsets[at + 7]! + word]!;
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

  /**
   * Scans the texts at the positions `[from, to)`. Their common prefix with the pattern must be at most `prefix` code units
   * long.
   */
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
      let left = need === 0 ? -1 : withMarks(word, need);
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

  /**
   * Returns two ranges of the group's texts. In `[begin, end)`, the first low byte of each text equals the pattern's
   * first low byte. `[both, bothEnd)` is the part of this range in which the second low bytes are equal too.
   */
  const samePrefix = (group: Group, pattern: Pattern): readonly [number, number, number, number] => {
    const [one, two] = [pattern.unit(0) & 0xff, pattern.unit(1) & 0xff];
    const from = (least: number, begin: number, end: number): number =>
      partition(begin, end, (at) => starts[at]! < least);
    const begin = from(one << 8, group.from, group.to);
    const end = from((one + 1) << 8, begin, group.to);
    const both = from((one << 8) + two, begin, end);
    return [begin, both, from((one << 8) + two + 1, both, end), end];
  };

  return {
    scan(pattern, least, found) {
      if (pattern.length === 0) return;
      takeMarks(pattern);
      const scan: Scan = [pattern, least, found];
      for (const length of nearest(pattern.length))
        for (const group of groups[length]!) {
          const common = leastCommon(pattern.length, length, least(), MAX_UNITS);
          if (common > Math.min(pattern.length, length)) continue;
          const [begin, both, bothEnd, end] = samePrefix(group, pattern);
          scanRange(scan, group, both, bothEnd, MAX_UNITS);
          scanRange(scan, group, begin, both, 1);
          scanRange(scan, group, bothEnd, end, 1);
          scanRange(scan, group, group.from, begin, 0);
          scanRange(scan, group, end, group.to, 0);
        }
    },
  };
}

/**
 * Yields the marks of a pattern. For each class, the occurrence number `level` (from 0) has the mark `CLASSES * level +
 * class`.
 */
function* marksOf(pattern: Pattern): Generator<number> {
  const levels = new Uint8Array(CLASSES);
  for (let at = 0; at < pattern.length; at++) {
    const kind = pattern.unit(at) % CLASSES;
    if (levels[kind]! < LEVELS) yield CLASSES * levels[kind]!++ + kind;
  }
}

/**
 * Returns one bit per mark and position, with the shape `[mark, word of 32 positions]`. An empty mark for padding follows the
 * last mark.
 */
function collectMarks(groups: readonly Group[], bytes: Uint8Array, words: number): Int32Array {
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

/**
 * Sorts the texts into groups: `groups[length]` contains the groups of that length, and `ids[position]` is the number of the
 * text at a position. `starts[position]` is 256 times the first low byte of the text, plus its second low byte (0 if
 * the text is shorter). The texts of a group are sorted by this value.
 */
function groupTexts({ count, length, write }: TextList) {
  const kinds = new Uint16Array(count); // length, plus `MAX_UNITS` for a wide text
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
  const { items, starts: kindStarts } = countingSort(order, kinds, 2 * MAX_UNITS + 1);
  const groups = Array.from({ length: MAX_UNITS + 1 }, (): Group[] => []);
  let place = 0;
  let used = 0;
  for (let kind = 1; kind <= 2 * MAX_UNITS; kind++) {
    const texts = kindStarts[kind + 1]! - kindStarts[kind]!;
    if (texts === 0) continue;
    const wide = kind > MAX_UNITS;
    const size = wide ? kind - MAX_UNITS : kind;
    groups[size]!.push({ length: size, wide, from: place, to: place + texts, start: used });
    place += WORD * Math.ceil(texts / WORD);
    used += texts * size;
  }
  const ids = new Uint32Array(place);
  const starts = new Uint16Array(place);
  const bytes = new Uint8Array(used);
  for (const { length: size, wide, from, to, start } of groups.flat()) {
    const first = kindStarts[wide ? MAX_UNITS + size : size]!;
    for (let at = from; at < to; at++) {
      ids[at] = items[first + at - from]!;
      starts[at] = (firsts[ids[at]!]! << 8) + seconds[ids[at]!]!;
      write(ids[at]!, text);
      for (let unit = 0; unit < size; unit++) bytes[start + (at - from) * size + unit] = text[unit]!;
    }
  }
  return { groups, ids, starts, bytes };
}

/** Yields all text lengths; those nearest to `length` come first. */
function* nearest(length: number): Generator<number> {
  yield length;
  for (let far = 1; far < MAX_UNITS; far++) {
    if (length - far > 0) yield length - far;
    if (length + far <= MAX_UNITS) yield length + far;
  }
}
