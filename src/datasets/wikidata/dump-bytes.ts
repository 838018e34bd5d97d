import { stat } from "node:fs/promises";
import { MmelError } from "../../core/index.js";
import { bytesOf } from "../../formats/index.js";
import { parseJson } from "./item-json.js";

/**
 * Number of bytes to read from the beginning of a dump. They contain the type and the first labels of the first entity.
 */
const ENTITY_PEEK = 1024;
const ENTITY = /^\s*\[?\s*\{\s*"type"\s*:\s*"(item|property|lexeme)"\s*,[^{}]*"(labels|lemmas)"\s*:\s*[{[]/;
const ENTITIES = /^\s*\{\s*"entities"\s*:\s*\{/;

/**
 * Returns whether a file begins like a Wikidata dump or an API response. Returns false for pipes and unreadable files.
 */
export async function isWikidata(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile()) return false;
  const head = await beginningOf(file).catch(() => "");
  return ENTITY.test(head) || ENTITIES.test(head);
}

async function beginningOf(file: string): Promise<string> {
  let head = "";
  for await (const chunk of bytesOf(file)) {
    head += Buffer.from(chunk.subarray(0, ENTITY_PEEK)).toString("utf8");
    if (head.length >= ENTITY_PEEK) break;
  }
  return head;
}

/**
 * Maximum length of a file of API responses in bytes. The file is parsed in one piece; the API returns at most 50
 * entities (500 for bots).
 */
const MAX_RESPONSE = 64 << 20;
const RESPONSE_PEEK = 256;

/**
 * Matches the beginning of a response from `wbgetentities` or `Special:EntityData`: an object that may span several
 * lines.
 */
const RESPONSE = /^\s*\{\s*("(entities|success|batchcomplete)"\s*:|\r?\n|$)/;

/**
 * Converts the bytes of a file to lines for `scanLines`. A dump is passed through without its byte-order mark. An API
 * response is split into lines with one entity each; a file with one response per line is not changed. Throws `FORMAT`
 * if a file of responses is longer than `MAX_RESPONSE` or is not valid JSON.
 */
export async function* dumpBytes(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  try {
    const head = await peek(source);
    if (!RESPONSE.test(head.toString("latin1", 0, RESPONSE_PEEK))) {
      yield head;
      for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
    } else yield Buffer.from(entityLines(await readResponse(head, source, file), file));
  } finally {
    await source.return?.();
  }
}

async function peek(source: AsyncIterator<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let size = 0; size < RESPONSE_PEEK; size += pieces.at(-1)!.length) {
    const { done, value } = await source.next();
    if (done) break;
    pieces.push(value);
  }
  const head = Buffer.concat(pieces);
  return head.toString("hex", 0, 3) === "efbbbf" ? head.subarray(3) : head;
}

async function readResponse(head: Buffer, source: AsyncIterator<Uint8Array>, file: string): Promise<string> {
  const pieces: Uint8Array[] = [head];
  let size = head.length;
  for (let next = await source.next(); !next.done; next = await source.next()) {
    pieces.push(next.value);
    size += next.value.length;
    if (size <= MAX_RESPONSE) continue;
    throw new MmelError("FORMAT", {
      what: "the file begins like an API response, but is too long to parse",
      where: file,
      expected: `a wbgetentities response of at most ${MAX_RESPONSE} bytes, or a dump with one entity per line`,
    });
  }
  return Buffer.concat(pieces).toString("utf8");
}

/**
 * Splits an API response into lines with one entity each. If `text` contains one response per line, returns it
 * unchanged. Throws `FORMAT` if neither the text nor its first line is valid JSON.
 */
function entityLines(text: string, file: string): string {
  const whole = parseJson(text);
  if (whole.kind === "json") return linesOfResponse(whole.json);
  const [firstLine = ""] = text.split("\n");
  if (parseJson(firstLine).kind === "json") return text;
  throw new MmelError("FORMAT", {
    what: `the response is not JSON (${whole.why})`,
    where: file,
    expected: 'a wbgetentities response: {"entities":{…}}',
    hint: "Download the file again.",
  });
}

function linesOfResponse(response: unknown): string {
  const { entities } = (response ?? {}) as { readonly entities?: unknown };
  if (typeof entities !== "object" || entities === null) return `${JSON.stringify(response)}\n`;
  return Object.entries(entities)
    .map(([key, entity]) => `${JSON.stringify({ entities: { [key]: entity } })}\n`)
    .join("");
}
