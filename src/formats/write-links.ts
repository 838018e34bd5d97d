import type { CaptionLinks, OffsetUnit } from "../core/index.js";
import { csvLine } from "./csv/cells.js";
import { LINK_COLUMNS, linkRows } from "./csv/links.js";
import { linksToWire } from "./links.js";
import type { FileFormat } from "./read.js";

export interface LinkWriteOptions {
  readonly format?: FileFormat;
  /** What `start` and `end` are to count; for other than UTF-16 the captions' texts are needed. */
  readonly offsets?: { readonly unit: OffsetUnit; readonly textOf: (id: string) => string };
}

/** The lines of a links file, each with its line feed. `readLinks` gives back these links, entities as id and label. */
export async function* linkLines(
  links: Iterable<CaptionLinks> | AsyncIterable<CaptionLinks>,
  { format = "jsonl", offsets }: LinkWriteOptions = {},
): AsyncGenerator<string> {
  if (format === "csv") yield csvLine(LINK_COLUMNS);
  for await (const one of links) {
    const wire = linksToWire(one, offsets?.unit, offsets?.textOf(one.id));
    yield format === "csv" ? linkRows(wire).map(csvLine).join("") : `${JSON.stringify(wire)}\n`;
  }
}
