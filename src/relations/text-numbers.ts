import { createNumbers } from "./numbers.js";

/** Numbers distinct texts from 0, in the order in which they are added, without keeping the texts. */
export interface TextNumbers {
  size(): number;
  /** Returns the number of a text. A text that was not added before gets the next number. */
  add(text: string): number;
  /** Returns the number of a text, or undefined if it was not added. */
  find(text: string): number | undefined;
}

/**
 * Creates an empty table. It keeps a hash of 64 bits per text. A large table uses 16 to 32 bytes per text. Two texts
 * with the same hash get the same number; for ten million texts, the probability that this happens at all is below 1 in
 * 100,000.
 */
export function createTextNumbers(): TextNumbers {
  const lows = createNumbers();
  const highs = createNumbers();
  let slots = new Uint32Array(1024); // number + 1, or 0 if the slot is free
  let low = 0;
  let high = 0;

  /** Computes the hash of a text and stores it in `low` and `high`. */
  const hash = (text: string): void => {
    let first = 0xdeadbeef;
    let second = 0x41c6ce57;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      first = Math.imul(first ^ unit, 0x9e3779b1);
      first ^= first >>> 15;
      second = Math.imul(second ^ unit, 0x5f356495);
      second ^= second >>> 13;
    }
    low = mixed(first ^ Math.imul(second, 0x85ebca6b));
    high = mixed(second ^ Math.imul(first, 0xc2b2ae35));
  };

  /** Returns the slot of the hashed text, or the free slot where it belongs. */
  const slotOf = (): number => {
    let slot = low & (slots.length - 1);
    for (;;) {
      const number = slots[slot]! - 1;
      if (number < 0 || (lows.at(number) === low && highs.at(number) === high)) return slot;
      slot = (slot + 1) & (slots.length - 1);
    }
  };

  const grow = (): void => {
    slots = new Uint32Array(2 * slots.length);
    for (let number = 0; number < lows.length(); number++) {
      let slot = lows.at(number) & (slots.length - 1);
      while (slots[slot] !== 0) slot = (slot + 1) & (slots.length - 1);
      slots[slot] = number + 1;
    }
  };

  return {
    size: lows.length,
    add(text) {
      hash(text);
      const slot = slotOf();
      if (slots[slot] !== 0) return slots[slot]! - 1;
      lows.push(low);
      highs.push(high);
      slots[slot] = lows.length();
      if (2 * lows.length() > slots.length) grow();
      return lows.length() - 1;
    },
    find(text) {
      hash(text);
      const number = slots[slotOf()]!;
      return number === 0 ? undefined : number - 1;
    },
  };
}

/** Mixes the bits of a 32-bit word (the last steps of MurmurHash3). */
function mixed(word: number): number {
  let bits = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
