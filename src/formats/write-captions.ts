import type { Caption, OffsetUnit } from "../core/index.js";
import { captionToWire } from "./caption.js";
import { CAPTION_COLUMNS, captionRows } from "./csv/columns.js";
import { csvLine } from "./csv/rows.js";
import type { FileFormat } from "./read.js";

export interface CaptionWriteOptions {
  readonly format?: FileFormat;
  /** What `start` and `end` are to count. */
  readonly offsets?: OffsetUnit;
}

/** The lines of a caption file, each with its line feed. `readCaptions` gives back exactly these captions. */
export async function* captionLines(
  captions: Iterable<Caption> | AsyncIterable<Caption>,
  { format = "jsonl", offsets = "utf16" }: CaptionWriteOptions = {},
): AsyncGenerator<string> {
  if (format === "csv") yield csvLine(CAPTION_COLUMNS);
  for await (const caption of captions) {
    const wire = captionToWire(caption, offsets);
    yield format === "csv"
      ? captionRows(wire)
          .map((cells) => csvLine(cells))
          .join("")
      : `${JSON.stringify(wire)}\n`;
  }
}
