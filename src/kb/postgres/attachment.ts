import type { Client } from "pg";
import { copyBytes, copyInto, copyText } from "./copy.js";
import { transaction } from "./fill.js";
import type { Reader } from "./reader.js";
import { importText } from "./statements.js";

/** Bytes in one part, and parts asked for in one statement. */
const PART = 1 << 20;
const ASKED = 4;

/** Attaches bytes to a version under a name, in the place of what was there; all or nothing. */
export async function writeAttachment(
  client: Client,
  schema: string,
  version: string,
  name: string,
  pieces: readonly Uint8Array[],
): Promise<void> {
  const size = pieces.reduce((sum, { length }) => sum + length, 0);
  await transaction(client, async () => {
    await client.query(importText("detach", { schema }), [version, name]);
    let part = 0;
    for (const bytes of cut(pieces, PART)) {
      const row = [version, copyText(name), part++, size, copyBytes(bytes)];
      await copyInto(client, importText("attach", { schema }), `${row.join("\t")}\n`);
    }
  });
}

interface PartRow {
  readonly part: number;
  /** Bytes of the whole. */
  readonly size: string;
  readonly bytes: Buffer;
}

/** What was attached to the reader's version under a name; undefined when nothing was. */
export async function readAttachment(reader: Reader, name: string): Promise<ArrayBuffer | undefined> {
  const [first] = await reader.query<PartRow>("attachment", [name, [0]]);
  if (first === undefined) return undefined;
  const whole = new Uint8Array(Number(first.size));
  whole.set(first.bytes);
  for (let part = 1; part * PART < whole.length; part += ASKED) {
    const parts = Array.from({ length: ASKED }, (_, at) => part + at);
    for (const row of await reader.query<PartRow>("attachment", [name, parts]))
      whole.set(row.bytes, row.part * PART);
  }
  return whole.buffer;
}

/** The same bytes in pieces of one size, but for the last. */
function* cut(pieces: readonly Uint8Array[], size: number): Generator<Buffer> {
  let open: Uint8Array[] = [];
  let length = 0;
  for (const piece of pieces)
    for (let at = 0; at < piece.length; ) {
      const more = piece.subarray(at, at + size - length);
      open.push(more);
      length += more.length;
      at += more.length;
      if (length < size) continue;
      yield Buffer.concat(open);
      [open, length] = [[], 0];
    }
  if (length > 0) yield Buffer.concat(open);
}
