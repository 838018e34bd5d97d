import type { Client } from "pg";
import { copyBytes, copyInto, copyText } from "./copy.js";
import type { Reader } from "./reader.js";
import { transaction } from "./session.js";
import { importText } from "./statements.js";
import { damagedOnServer, sumOf } from "./sums.js";

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
      const row = [version, copyText(name), part++, size, copyBytes(bytes), sumOf(bytes)];
      await copyInto(client, importText("attach", { schema }), `${row.join("\t")}\n`);
    }
  });
}

interface PartRow {
  readonly part: number;
  /** Number of bytes in the complete attachment. */
  readonly size: string;
  readonly bytes: Buffer;
  readonly sum: number | null;
}

/**
 * Reads the attachment with this name from the reader's version. Returns undefined if there is no such attachment. Throws
 * `KB_DAMAGED` if a part is missing or does not match its checksum. `onPart` is called after each part.
 */
export async function readAttachment(
  reader: Reader,
  name: string,
  onPart: () => void = () => {},
): Promise<ArrayBuffer | undefined> {
  const [first] = await reader.query<PartRow>("attachment", [name, [0]]);
  if (first === undefined) return undefined;
  const damaged = (part: number, why: string) =>
    damagedOnServer(why, `${reader.target.shown}, ${name}, block ${part}`);
  const size = Number(first.size);
  const parts = Math.ceil(size / PART_BYTES);
  if (first.bytes.length !== Math.min(size, PART_BYTES)) throw damaged(0, "its length has changed");
  const whole = new Uint8Array(size);
  const put = ({ part, bytes, sum }: PartRow): void => {
    if (sum !== null && sumOf(bytes) !== sum) throw damaged(part, "its contents have changed");
    if (part * PART_BYTES + bytes.length > size) throw damaged(part, "its length has changed");
    whole.set(bytes, part * PART_BYTES);
    onPart();
  };
  put(first);
  for (let start = 1; start < parts; start += PARTS_PER_STATEMENT) {
    const wanted = Array.from(
      { length: Math.min(PARTS_PER_STATEMENT, parts - start) },
      (_, at) => start + at,
    );
    const rows = await reader.query<PartRow>("attachment", [name, wanted]);
    const missing = wanted.find((part) => rows.every((row) => row.part !== part));
    if (missing !== undefined) throw damaged(missing, "it is missing");
    rows.forEach(put);
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
