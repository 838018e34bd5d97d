import type { CaptionLinks, OffsetUnit } from "../core/index.js";
import { LINK_COLUMNS, linkRows } from "./csv/columns.js";
import { csvLine } from "./csv/rows.js";
import { linksToDisplacy } from "./displacy.js";
import { linksToWire } from "./links.js";
import type { FileFormat } from "./read.js";
import { linksToAnnotations } from "./web-annotation.js";

/** Forms of a links file that has a line a caption (CSV: a mention). The last two are for other tools and count code points. */
export type LinkFileFormat = FileFormat | "displacy" | "webannotation";

export interface LinkWriteOptions {
  readonly format?: LinkFileFormat;
  /** What `start` and `end` are to count; for other than UTF-16, and for the forms of other tools, the captions' texts are needed. */
  readonly offsets?: { readonly unit: OffsetUnit; readonly textOf: (id: string) => string };
}

/** The lines of a links file, each with its line feed. `readLinks` gives back these links, entities as id and label. */
export async function* linkLines(
  links: Iterable<CaptionLinks> | AsyncIterable<CaptionLinks>,
  { format = "jsonl", offsets }: LinkWriteOptions = {},
): AsyncGenerator<string> {
  if (format === "csv") yield csvLine(LINK_COLUMNS);
  for await (const one of links) {
    const text = offsets?.textOf(one.id);
    if (format === "displacy" || format === "webannotation") {
      const form = format === "displacy" ? linksToDisplacy : linksToAnnotations;
      yield `${JSON.stringify(form(one, text ?? ""))}\n`;
    } else {
      const wire = linksToWire(one, offsets?.unit, text);
      yield format === "csv"
        ? linkRows(wire)
            .map((cells) => csvLine(cells))
            .join("")
        : `${JSON.stringify(wire)}\n`;
    }
  }
}
