import { MmelError } from "../../core/index.js";
import { readCaptions, readIds, uncompressedName } from "../../formats/index.js";

/** A bit set for 2^16 consecutive numbers. */
type Page = Uint32Array;

const PAGE_BITS = 16;

/**
 * A set of Wikidata items, stored as a bit set of the numbers in their ids. Pages are allocated when they are first
 * needed.
 */
export type IdSet = ReadonlyMap<number, Page>;

/** Returns the number in an item's id, or undefined if the id is not an item id or its number exceeds 32 bits. */
export function itemNumber(id: string): number | undefined {
  const number = /^Q[1-9]\d{0,9}$/.test(id) ? Number(id.slice(1)) : 0;
  return number > 0 && number < 2 ** 32 ? number : undefined;
}

export function hasId(set: IdSet, number: number): boolean {
  const page = set.get(Math.floor(number / 2 ** PAGE_BITS));
  const bit = number % 2 ** PAGE_BITS;
  return page !== undefined && ((page[bit >>> 5]! >>> (bit & 31)) & 1) === 1;
}

/** Adds a number to a set. Returns false if the set already contained the number. */
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

/** Yields the numbers in a set, in ascending order. */
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

/**
 * Reads the items listed in a file. The file is a list of items, or a caption file with gold entities (`.jsonl`
 * or `.csv`, also compressed). In a list, each line begins with an id or an item URL; other text
 * may follow after a comma, semicolon, space or tab. Throws `FORMAT` if a line of a list does not begin with an item,
 * or if the file contains no items. For a caption file, throws the error of the first invalid caption.
 */
export async function readIdFile(path: string, signal?: AbortSignal): Promise<IdSet> {
  const set = new Map<number, Page>();
  const ids = /\.(jsonl|csv)$/i.test(uncompressedName(path)) ? goldOf(path, signal) : listedIn(path, signal);
  for await (const number of ids) addId(set, number);
  if (set.size > 0) return set;
  throw new MmelError("FORMAT", {
    what: "the file lists no Wikidata items",
    where: path,
    expected: "one id such as Q42 per line, or captions with gold entities",
  });
}

async function* goldOf(path: string, signal: AbortSignal | undefined): AsyncGenerator<number> {
  for await (const read of readCaptions(path, signal === undefined ? {} : { signal })) {
    if (read.kind === "rejected") throw read.error;
    for (const { gold } of read.value.mentions) {
      const number = gold?.kind === "entity" ? itemNumber(gold.id) : undefined;
      if (number !== undefined) yield number;
    }
  }
}

async function* listedIn(path: string, signal: AbortSignal | undefined): AsyncGenerator<number> {
  for await (const text of readIds(path, signal)) {
    const [id = ""] = text.trim().split(/[\s,;]/);
    const number = itemNumber(id.slice(id.lastIndexOf("/") + 1));
    if (number !== undefined) yield number;
    else
      throw new MmelError("FORMAT", {
        what: `"${id.slice(0, 40)}" is not a Wikidata item`,
        where: path,
        expected: "an id such as Q42",
      });
  }
}
