import { type FileHandle, open, readFile } from "node:fs/promises";
import { z } from "zod";

/** Whose vectors a store holds. */
export interface StoreKey {
  readonly encoder: { readonly id: string; readonly hash: string };
  readonly views: number;
}

/** Grows when the same picture would get other vectors: decoding, resizing, views. */
export const LAYOUT = 1;

const headerSchema = z.object({
  layout: z.literal(LAYOUT),
  encoder: z.object({ id: z.string(), hash: z.string() }),
  views: z.int().min(1),
  /** d_v */
  width: z.int().min(1),
});
export type Header = z.infer<typeof headerSchema>;

/** Where the vectors of a content stand, and their CRC-32. */
const rowSchema = z.object({ content: z.string(), row: z.int().min(0), crc: z.number() });
/** Which content a file had when it bore a stamp. */
const fileSchema = z.object({ stamp: z.string(), content: z.string() });
const lineSchema = z.union([rowSchema, fileSchema]);
export type Line = z.infer<typeof lineSchema>;

/** What one process wrote: `NAME.f32`, rows of views × width floats, and `NAME.jsonl`, a header and a line for each row and file. */
export interface Segment {
  readonly header: Header;
  readonly lines: readonly Line[];
  /** Its rows, opened when first read; to be closed by the reader. */
  readonly rows: () => Promise<FileHandle>;
}

/**
 * Reads a segment as far as it is whole: a last line that was torn off and lines that are damaged are dropped. Undefined:
 * it is not of this layout and key.
 */
export async function readSegment(base: string, key: StoreKey): Promise<Segment | undefined> {
  const [first = "", ...rest] = (await readFile(`${base}.jsonl`, "utf8")).split("\n").slice(0, -1);
  const header = headerSchema.safeParse(parsed(first)).data;
  if (header?.encoder.hash !== key.encoder.hash || header.views !== key.views) return undefined;
  const lines = rest
    .map((line) => lineSchema.safeParse(parsed(line)).data)
    .filter((line): line is Line => line !== undefined);
  let handle: Promise<FileHandle> | undefined;
  return {
    header,
    lines,
    rows: () => {
      handle ??= open(`${base}.f32`, "r");
      return handle;
    },
  };
}

export const rowBytes = ({ views, width }: Header): number => views * width * 4;

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
