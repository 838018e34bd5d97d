import { stat } from "node:fs/promises";
import { bytesOf } from "../../formats/index.js";

/** Where a dump's first entity has told its type and begun its names. */
const PEEK = 1024;
const ENTITY = /^\s*\[?\s*\{\s*"type"\s*:\s*"(item|property|lexeme)"\s*,[^{}]*"(labels|lemmas)"\s*:\s*[{[]/;
const ANSWER = /^\s*\{\s*"entities"\s*:\s*\{/;

/** Whether a file begins as a dump of Wikidata or an answer of its service does. A pipe is left alone, and so is what cannot be read. */
export async function isWikidata(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return false;
  const head = await beginning(file).catch(() => "");
  return ENTITY.test(head) || ANSWER.test(head);
}

async function beginning(file: string): Promise<string> {
  let head = "";
  for await (const chunk of bytesOf(file)) {
    head += Buffer.from(chunk.subarray(0, PEEK)).toString("utf8");
    if (head.length >= PEEK) break;
  }
  return head;
}
