import { type FileHandle, open } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { createLineFile } from "../../formats/index.js";
import { type Header, type Line, rowBytes } from "./segment.js";

/** A segment that this process writes; nobody else does, and nobody does later. */
export interface SegmentWriter extends AsyncDisposable {
  readonly handle: FileHandle;
  /** Puts vectors down, then the line that makes them count. */
  addRow(content: string, vectors: Float32Array): Promise<{ readonly row: number; readonly crc: number }>;
  addFile(stamp: string, content: string): Promise<void>;
}

/** Begins a segment; calls of its methods must wait for one another. `FILE_UNWRITABLE`. */
export async function createSegment(base: string, header: Header): Promise<SegmentWriter> {
  const index = await createLineFile(`${base}.jsonl`);
  const handle = await open(`${base}.f32`, "wx+").catch(async (error: unknown) => {
    await index.close();
    throw error;
  });
  const append = (line: Line | Header): Promise<void> => index.append(`${JSON.stringify(line)}\n`);
  await append(header);
  let next = 0;
  return {
    handle,
    async addRow(content, vectors) {
      const row = next++;
      const bytes = bytesOf(vectors);
      const crc = crc32(bytes);
      await handle.write(bytes, 0, bytes.length, row * rowBytes(header));
      await append({ content, row, crc });
      return { row, crc };
    },
    addFile: (stamp, content) => append({ stamp, content }),
    async [Symbol.asyncDispose]() {
      await handle.datasync().catch(() => {});
      await handle.close();
      await index.close();
    },
  };
}

export function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
