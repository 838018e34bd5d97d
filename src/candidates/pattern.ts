/** Names are compared by at most this many code units. */
export const MAX_UNITS = 256;

const WORD = 32;
const WORDS = MAX_UNITS / WORD;

/** A text that many others are compared with, 32 of its code units to a machine word. */
export interface Pattern {
  readonly length: number;
  /** Which of 32 classes of code units occur, one bit each. */
  readonly mask: number;
  /** Length of the longest common subsequence with `units[start, end)`. */
  subsequence(units: Uint16Array, start: number, end: number): number;
  /** Levenshtein distance to `units[start, end)`. */
  distance(units: Uint16Array, start: number, end: number): number;
  /** Length of the common prefix with `units[start, end)`. */
  prefix(units: Uint16Array, start: number, end: number): number;
  /** Makes this the pattern of the first `MAX_UNITS` code units of another text, in the same memory. */
  set(folded: string): void;
}

/** The bit that stands for a code unit in a mask: one for each letter a to z, six shared by all others. */
export function unitBit(unit: number): number {
  const letter = unit - 97;
  return 1 << (letter >= 0 && letter < 26 ? letter : 26 + (unit % 6));
}

/** The mask of `units[start, end)`. */
export function maskOf(units: Uint16Array, start: number, end: number): number {
  let mask = 0;
  for (let at = start; at < end; at++) mask |= unitBit(units[at]!);
  return mask;
}

/** Number of one bits of a 32-bit word. */
export function popcount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * An empty pattern. Longest common subsequence after Hyyrö, "Bit-parallel LCS-length computation revisited" (2004);
 * edit distance after Myers (1999) with the blocks of Hyyrö (2003). Both cost O(units * ceil(pattern / 32)).
 */
export function createPattern(): Pattern {
  const text = new Uint16Array(MAX_UNITS);
  const slotOf = new Uint16Array(0x10000); // 0: the code unit does not occur
  const bits = new Int32Array((MAX_UNITS + 1) * WORDS); // [slot, word]: where in the pattern it occurs
  const first = new Int32Array(WORDS);
  const second = new Int32Array(WORDS);
  let size = 0;
  let words = 0;
  let mask = 0;

  const set = (folded: string): void => {
    for (let at = 0; at < size; at++) slotOf[text[at]!] = 0;
    size = Math.min(folded.length, MAX_UNITS);
    words = Math.ceil(size / WORD);
    mask = 0;
    let slots = 0;
    for (let at = 0; at < size; at++) {
      const unit = folded.charCodeAt(at);
      text[at] = unit;
      mask |= unitBit(unit);
      let slot = slotOf[unit]!;
      if (slot === 0) {
        slot = slotOf[unit] = ++slots;
        bits.fill(0, slot * WORDS, slot * WORDS + words);
      }
      bits[slot * WORDS + (at >>> 5)]! |= 1 << (at & 31);
    }
  };

  const subsequence = (units: Uint16Array, start: number, end: number): number => {
    first.fill(-1, 0, words);
    for (let at = start; at < end; at++) {
      const row = slotOf[units[at]!]! * WORDS;
      if (row === 0) continue;
      let carry = 0;
      for (let word = 0; word < words; word++) {
        const open = first[word]!;
        const met = open & bits[row + word]!;
        const sum = (open >>> 0) + (met >>> 0) + carry;
        carry = sum > 0xffffffff ? 1 : 0;
        first[word] = sum | 0 | (open - met);
      }
    }
    let common = 0;
    for (let word = 0; word < words; word++) {
      common += popcount(~first[word]! & lowBits(size - word * WORD));
    }
    return common;
  };

  const distance = (units: Uint16Array, start: number, end: number): number => {
    const up = first.fill(-1, 0, words); // vertical differences of +1
    const down = second.fill(0, 0, words); // and of -1
    const last = words - 1;
    const bottom = 1 << ((size - 1) & 31);
    let cost = size;
    for (let at = start; at < end; at++) {
      const row = slotOf[units[at]!]! * WORDS;
      let carry = 1; // horizontal difference that enters the block; the first row grows by one a column
      for (let word = 0; word < words; word++) {
        const rise = up[word]!;
        const fall = down[word]!;
        let equal = row === 0 ? 0 : bits[row + word]!;
        const vertical = equal | fall;
        if (carry < 0) equal |= 1;
        const diagonal = (((equal & rise) + rise) ^ rise) | equal;
        let plus = fall | ~(diagonal | rise);
        let minus = rise & diagonal;
        const top = word === last ? bottom : -0x80000000;
        const out = plus & top ? 1 : minus & top ? -1 : 0;
        plus = (plus << 1) | (carry > 0 ? 1 : 0);
        minus = (minus << 1) | (carry < 0 ? 1 : 0);
        up[word] = minus | ~(vertical | plus);
        down[word] = plus & vertical;
        carry = out;
      }
      cost += words === 0 ? 1 : carry;
    }
    return cost;
  };

  const prefix = (units: Uint16Array, start: number, end: number): number => {
    const most = Math.min(size, end - start);
    let at = 0;
    while (at < most && text[at] === units[start + at]) at++;
    return at;
  };

  return {
    get length() {
      return size;
    },
    get mask() {
      return mask;
    },
    subsequence,
    distance,
    prefix,
    set,
  };
}

function lowBits(count: number): number {
  return count >= WORD ? -1 : (1 << count) - 1;
}
