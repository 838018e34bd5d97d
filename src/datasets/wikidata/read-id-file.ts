import { MmelError } from "../../core/index.js";
import { bytesOf, readCaptions } from "../../formats/index.js";
import { addId, type IdSet, itemNumber } from "./id-set.js";

/**
 * The items that a file lists: one id a line, whatever follows it after a blank or comma, or, of captions (`.jsonl`,
 * `.csv`, also `.gz`), those that are gold. `FORMAT` for a line that is no id, and for a file without any.
 */
export async function readIdFile(path: string, signal?: AbortSignal): Promise<IdSet> {
  const set = new Map<number, Uint32Array>();
  const ids = /\.(jsonl|csv)(\.gz)?$/i.test(path) ? goldOf(path, signal) : listedIn(path, signal);
  for await (const number of ids) addId(set, number);
  if (set.size > 0) return set;
  throw new MmelError("FORMAT", {
    what: "the file lists no id of Wikidata",
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
  let line = 0;
  for await (const text of textLines(path, signal)) {
    line += 1;
    const [id = ""] = text.trim().split(/[\s,;]/);
    if (id === "") continue;
    const number = itemNumber(id.replace(/^.*\/(?=Q\d+$)/, ""));
    if (number === undefined)
      throw new MmelError("FORMAT", {
        what: `"${id.slice(0, 40)}" is no item of Wikidata`,
        where: `${path}, line ${line}`,
        expected: "an id such as Q42",
      });
    yield number;
  }
}

async function* textLines(path: string, signal: AbortSignal | undefined): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of bytesOf(path, signal)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  yield rest;
}
