import { MmelError } from "../../core/index.js";

/** Longest answer of the service that is read whole, in bytes; it gives at most 50 entities (500 to bots). */
const MAX_ANSWER = 64 << 20;
const PEEK = 256;

/** An answer of `wbgetentities` or `Special:EntityData`: one object, which may go over many lines. */
const ANSWER = /^\s*\{\s*("(entities|success|batchcomplete)"\s*:|\r?\n|$)/;

/**
 * The bytes of a dump as they are, without a byte-order mark; of an answer of the service one line for each entity, so that
 * both are read alike. `FORMAT` for an answer that is too long or not JSON.
 */
export async function* dumpBytes(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
): AsyncGenerator<Uint8Array> {
  const source = chunks[Symbol.asyncIterator]();
  try {
    const head = await peek(source);
    if (!ANSWER.test(head.toString("latin1", 0, PEEK))) {
      yield head;
      for (let next = await source.next(); !next.done; next = await source.next()) yield next.value;
    } else yield Buffer.from(entityLines(await whole(head, source, file), file));
  } finally {
    await source.return?.();
  }
}

async function peek(source: AsyncIterator<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for (let size = 0; size < PEEK; size += pieces.at(-1)!.length) {
    const { done, value } = await source.next();
    if (done) break;
    pieces.push(value);
  }
  const head = Buffer.concat(pieces);
  return head.toString("hex", 0, 3) === "efbbbf" ? head.subarray(3) : head;
}

async function whole(head: Buffer, source: AsyncIterator<Uint8Array>, file: string): Promise<string> {
  const pieces: Uint8Array[] = [head];
  let size = head.length;
  for (let next = await source.next(); !next.done; next = await source.next()) {
    pieces.push(next.value);
    size += next.value.length;
    if (size <= MAX_ANSWER) continue;
    throw new MmelError("FORMAT", {
      what: "the file is one object and too long to be read whole",
      where: file,
      expected: `an answer of wbgetentities of at most ${MAX_ANSWER} bytes, or a dump with an entity a line`,
    });
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** Several answers may follow one another, each on a line of its own. */
function entityLines(text: string, file: string): string {
  const one = parsed(text);
  if (one.kind === "json") return linesOfAnswer(one.json);
  const lines = text.split("\n");
  const first = parsed(lines[0] ?? "");
  if (first.kind === "json") return text;
  throw new MmelError("FORMAT", {
    what: `the answer is not JSON (${one.why})`,
    where: file,
    expected: 'an answer of wbgetentities: {"entities":{…}}',
    hint: "fetching it again",
  });
}

function linesOfAnswer(answer: unknown): string {
  const { entities } = (answer ?? {}) as { readonly entities?: unknown };
  if (typeof entities !== "object" || entities === null) return `${JSON.stringify(answer)}\n`;
  return Object.entries(entities)
    .map(([key, entity]) => `${JSON.stringify({ entities: { [key]: entity } })}\n`)
    .join("");
}

function parsed(
  text: string,
): { readonly kind: "json"; readonly json: unknown } | { readonly kind: "bad"; readonly why: string } {
  try {
    return { kind: "json", json: JSON.parse(text) };
  } catch (error) {
    return { kind: "bad", why: (error as Error).message };
  }
}
