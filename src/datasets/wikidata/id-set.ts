/** The set bits of 2^16 numbers. */
type Page = Uint32Array;

const PAGE_BITS = 16;

/** A set of Wikidata's items, by the numbers in their ids: one bit for each number up to the largest, in pages as needed. */
export type IdSet = ReadonlyMap<number, Page>;

/** The number in an item's id, of 32 bits; undefined for what is none. */
export function itemNumber(id: string): number | undefined {
  const number = /^Q[1-9]\d{0,9}$/.test(id) ? Number(id.slice(1)) : 0;
  return number > 0 && number < 2 ** 32 ? number : undefined;
}

export function hasId(set: IdSet, number: number): boolean {
  const page = set.get(Math.floor(number / 2 ** PAGE_BITS));
  const bit = number % 2 ** PAGE_BITS;
  return page !== undefined && ((page[bit >>> 5]! >>> (bit & 31)) & 1) === 1;
}

/** Returns whether the number is new. */
export function addId(set: Map<number, Page>, number: number): boolean {
  const key = Math.floor(number / 2 ** PAGE_BITS);
  let page = set.get(key);
  if (page === undefined) {
    page = new Uint32Array(2 ** (PAGE_BITS - 5));
    set.set(key, page);
  }
  const bit = number % 2 ** PAGE_BITS;
  const mask = 1 << (bit & 31);
  const isNew = (page[bit >>> 5]! & mask) === 0;
  page[bit >>> 5]! |= mask;
  return isNew;
}

/** The numbers in ascending order. */
export function* numbersOf(set: IdSet): Generator<number> {
  for (const key of [...set.keys()].sort((a, b) => a - b)) {
    const page = set.get(key)!;
    for (let bit = 0; bit < 2 ** PAGE_BITS; bit++) {
      if (((page[bit >>> 5]! >>> (bit & 31)) & 1) === 1) yield key * 2 ** PAGE_BITS + bit;
    }
  }
}

export function countIds(set: IdSet): number {
  let count = 0;
  for (const page of set.values()) {
    for (let bits of page) for (; bits !== 0; bits &= bits - 1) count++;
  }
  return count;
}
