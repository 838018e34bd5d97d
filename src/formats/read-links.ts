import type { CaptionLinks, OffsetUnit } from "../core/index.js";
import { linkForm } from "./csv/columns.js";
import { linksFromWire } from "./links.js";
import { decoded, type Read, type ReadOptions } from "./read.js";
import { recordsOf } from "./records.js";
import type { Source } from "./source.js";
import { linksSchema, type WireLinks } from "./wire.js";

export interface LinkReadOptions extends ReadOptions {
  /** What `start` and `end` in the file count; for other than UTF-16 the captions' texts are needed. */
  readonly offsets?: { readonly unit: OffsetUnit; readonly textOf: (id: string) => string };
}

/** Links of JSON Lines or CSV, plain or gzip, in order; their entities know only id and label. */
export function readLinks(source: Source, options: LinkReadOptions = {}): AsyncIterable<Read<CaptionLinks>> {
  const { offsets } = options;
  const shape = {
    schema: linksSchema,
    code: "FORMAT",
    fromWire: (wire: WireLinks) => linksFromWire(wire, offsets?.unit, offsets?.textOf(wire.id)),
  } as const;
  const form = { required: ["id", "mention"], rows: linkForm };
  const records = recordsOf(source, form, { maxLineBytes: 16 << 20, ...options });
  return decoded(records, shape, source, options.onWarning);
}
