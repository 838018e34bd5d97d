/** Maximum number of code units of a name that are compared. The remaining code units are ignored. */
export const MAX_UNITS = 256;

const WORD = 32;
const WORDS = MAX_UNITS / WORD;

/** The code units of a text, as bytes if all of them are at most 0xff. */
export type Units = Uint8Array | Uint16Array;

/** Returns the number of bits in a 32-bit word that are 1. */
function popcount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * A text to compare with many other texts by bit-parallel algorithms, which process 32 of its code units per machine word.
 * The text is empty until `set` is called.
 */
export class Pattern {
  length = 0;
  readonly #text = new Uint16Array(MAX_UNITS);
  readonly #slotOf = new Uint16Array(0x10000); // 0 if the code unit does not occur
  readonly #bits = new Int32Array((MAX_UNITS + 1) * WORDS); // [slot, word]: positions of the code unit in the text
  readonly #byteBits = new Int32Array(0x100); // [low byte of a code unit]: positions in the first word
  readonly #first = new Int32Array(WORDS);
  readonly #second = new Int32Array(WORDS);

  /** Sets the text to the first `MAX_UNITS` code units of `text`. Reuses the memory of the previous text. */
  set(text: string): void {
    for (let at = 0; at < this.length; at++) this.#slotOf[this.#text[at]!] = 0;
    this.#byteBits.fill(0);
    this.length = Math.min(text.length, MAX_UNITS);
    let slots = 0;
    for (let at = 0; at < this.length; at++) {
      const unit = text.charCodeAt(at);
      this.#text[at] = unit;
      let slot = this.#slotOf[unit]!;
      if (slot === 0) {
        slot = this.#slotOf[unit] = ++slots;
        this.#bits.fill(0, slot * WORDS, (slot + 1) * WORDS);
      }
      this.#bits[slot * WORDS + (at >>> 5)]! |= 1 << (at & 31);
      if (at < WORD) this.#byteBits[unit & 0xff]! |= 1 << at;
    }
  }

  /** Returns the code unit at a position, or 0 after the end of the text. */
  unit(at: number): number {
    return at < this.length ? this.#text[at]! : 0;
  }

  /** Returns the length of the common prefix with `units[start, end)`. */
  prefix(units: Units, start: number, end: number): number {
    const most = Math.min(this.length, end - start);
    let at = 0;
    while (at < most && this.#text[at] === units[start + at]) at++;
    return at;
  }

  /**
   * Returns the length of the longest common subsequence with `units[start, end)`, after Hyyrö (2004). Takes O(units *
   * ceil(length / 32)) time.
   */
  subsequence(units: Units, start: number, end: number): number {
    const bits = this.#bits;
    const open = this.#first;
    const words = Math.ceil(this.length / WORD);
    if (words === 1) return this.#subsequenceOfWord(units, start, end);
    open.fill(-1, 0, words);
    for (let at = start; at < end; at++) {
      const row = this.#slotOf[units[at]!]! * WORDS;
      if (row === 0) continue;
      let carry = 0;
      for (let word = 0; word < words; word++) {
        const state = open[word]!;
        const met = state & bits[row + word]!;
        const sum = (state >>> 0) + (met >>> 0) + carry;
        carry = sum > 0xffffffff ? 1 : 0;
        open[word] = sum | (state - met);
      }
    }
    let common = 0;
    for (let word = 0; word < words; word++) {
      common += popcount(~open[word]! & lowBits(this.length - word * WORD));
    }
    return common;
  }

  #subsequenceOfWord(units: Units, start: number, end: number): number {
    let open = -1;
    for (let at = start; at < end; at++) {
      const met = open & this.#bits[this.#slotOf[units[at]!]! * WORDS]!; // slot 0 has no bits
      open = (open + met) | (open - met);
    }
    return popcount(~open & lowBits(this.length));
  }

  /**
   * Returns an upper bound of `subsequence` for a text whose low bytes are `bytes[start, end)`. For a pattern that fits in
   * one machine word, the bound is the length of the longest common subsequence of the low bytes. For a longer pattern, the
   * bound is the pattern's length.
   */
  subsequenceBound(bytes: Uint8Array, start: number, end: number): number {
    if (this.length > WORD) return this.length;
    const bits = this.#byteBits;
    let open = -1;
    for (let at = start; at < end; at++) {
      const met = open & bits[bytes[at]!]!;
      open = (open + met) | (open - met);
    }
    return popcount(~open & lowBits(this.length));
  }

  /**
   * Returns the Levenshtein distance to `units[start, end)`, after Myers (1999) with the blocks of Hyyrö (2003). Takes the
   * same time as `subsequence`.
   */
  distance(units: Units, start: number, end: number): number {
    const words = Math.ceil(this.length / WORD);
    if (words === 0) return end - start;
    const bits = this.#bits;
    const up = this.#first.fill(-1, 0, words); // positions where the column increases by one
    const down = this.#second.fill(0, 0, words); // positions where the column decreases by one
    const bottom = 1 << ((this.length - 1) & 31);
    let cost = this.length;
    for (let at = start; at < end; at++) {
      const row = this.#slotOf[units[at]!]! * WORDS;
      let carry = 1; // horizontal difference above the block; the top row increases by one per column
      for (let word = 0; word < words; word++) {
        const rise = up[word]!;
        const fall = down[word]!;
        const met = row === 0 ? 0 : bits[row + word]!;
        const equal = carry < 0 ? met | 1 : met;
        const diagonal = (((equal & rise) + rise) ^ rise) | equal;
        const plus = fall | ~(diagonal | rise);
        const minus = rise & diagonal;
        const high = word === words - 1 ? bottom : -0x80000000;
        const plusIn = (plus << 1) | (carry > 0 ? 1 : 0);
        const minusIn = (minus << 1) | (carry < 0 ? 1 : 0);
        carry = plus & high ? 1 : minus & high ? -1 : 0;
        up[word] = minusIn | ~(met | fall | plusIn);
        down[word] = plusIn & (met | fall);
      }
      cost += carry;
    }
    return cost;
  }
}

/** Returns a 32-bit number whose lowest `count` bits are set. */
function lowBits(count: number): number {
  return count >= WORD ? -1 : (1 << count) - 1;
}
