import type { Client } from "pg";
import { copyBytes, copyInto, copyText } from "./copy.js";
import type { Reader } from "./reader.js";
import { transaction } from "./session.js";
import { importText } from "./statements.js";

/** Number of bytes in one part of an attachment. */
const PART_BYTES = 1 << 20;
/** Number of parts that one statement reads. */
const PARTS_PER_STATEMENT = 4;

/**
 * Stores bytes as a named attachment of a version. Replaces an earlier attachment with this name. Stores all bytes or
 * none.
 */
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
    for (const bytes of cut(pieces, PART_BYTES)) {
      const row = [version, copyText(name), part++, size, copyBytes(bytes)];
      await copyInto(client, importText("attach", { schema }), `${row.join("\t")}\n`);
    }
  });
}

interface PartRow {
  readonly part: number;
  /** Number of bytes in the complete attachment. */
  readonly size: string;
  readonly bytes: Buffer;
}

/** Reads the attachment with this name from the reader's version. Returns undefined if there is no such attachment. */
export async function readAttachment(reader: Reader, name: string): Promise<ArrayBuffer | undefined> {
  const [first] = await reader.query<PartRow>("attachment", [name, [0]]);
  if (first === undefined) return undefined;
  const whole = new Uint8Array(Number(first.size));
  whole.set(first.bytes);
  for (let part = 1; part * PART_BYTES < whole.length; part += PARTS_PER_STATEMENT) {
    const parts = Array.from({ length: PARTS_PER_STATEMENT }, (_, index) => part + index);
    for (const row of await reader.query<PartRow>("attachment", [name, parts]))
      whole.set(row.bytes, row.part * PART_BYTES);
  }
  return whole.buffer;
}

/** Joins `pieces` and yields their bytes in buffers of `size` bytes. Only the last buffer may be smaller. */
function* cut(pieces: readonly Uint8Array[], size: number): Generator<Buffer> {
  let open: Uint8Array[] = [];
  let length = 0;
  for (const piece of pieces)
    for (let start = 0; start < piece.length; ) {
      const more = piece.subarray(start, start + size - length);
      open.push(more);
      length += more.length;
      start += more.length;
      if (length < size) continue;
      yield Buffer.concat(open);
      [open, length] = [[], 0];
    }
  if (length > 0) yield Buffer.concat(open);
}
