import { MmelError } from "../../core/index.js";
import { readCaptions, readIds } from "../../formats/index.js";
import { addId, type IdSet, itemNumber } from "./id-set.js";

/**
 * The items that a file lists: one id or address of an item a line, also before a comma, blank or tab; or, of captions
 * (`.jsonl`, `.csv`, also packed), those that are gold. `FORMAT` for a line that is no item, and for a file without any.
 */
export async function readIdFile(path: string, signal?: AbortSignal): Promise<IdSet> {
  const set = new Map<number, Uint32Array>();
  const ids = /\.(jsonl|csv)(\.gz|\.bz2)?$/i.test(path) ? goldOf(path, signal) : listedIn(path, signal);
  for await (const number of ids) addId(set, number);
  if (set.size > 0) return set;
  throw new MmelError("FORMAT", {
    what: "the file lists no item of Wikidata",
    where: path,
    expected: "an id such as Q42 a line, or captions with gold",
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
        what: `"${id.slice(0, 40)}" is no item of Wikidata`,
        where: path,
        expected: "an id such as Q42",
      });
  }
}
