import { type Caption, MmelError, type OffsetUnit } from "../core/index.js";
import { markParsed } from "../core/parsed-caption.js";
import { captionFromWire } from "./caption.js";
import { captionForm } from "./csv/columns.js";
import { decoded, type Read, type ReadOptions } from "./read.js";
import { recordsOf } from "./records.js";
import { nameOfSource, type Source } from "./source.js";
import { captionSchema, type WireCaption } from "./wire.js";

export interface CaptionReadOptions extends ReadOptions {
  /** What `start` and `end` in the file count; spans come out in UTF-16 code units all the same. */
  readonly offsets?: OffsetUnit;
}

/**
 * Captions of JSON Lines or CSV, plain or gzip, in order; a file without captions gives none. Bad lines come out as
 * rejected, with the codes of `CAPTION_INVALID`, `OFFSETS`, `DUPLICATE_ID`, `ENCODING`, `FORMAT`, `LINE_TOO_LONG`
 * (1 MiB unless told); what concerns the whole file is thrown. Memory: one line, and all ids, to find those that come
 * twice (some 100 bytes a caption: 100 MB a million).
 */
export async function* readCaptions(
  source: Source,
  options: CaptionReadOptions = {},
): AsyncGenerator<Read<Caption>> {
  const shape = {
    schema: captionSchema,
    code: "CAPTION_INVALID",
    fromWire: (wire: WireCaption) => markParsed(captionFromWire(wire, options.offsets)),
  } as const;
  const records = recordsOf(source, { required: ["id", "text"], rows: captionForm }, options);
  const lineOf = new Map<string, number>();
  for await (const read of decoded(records, shape, source, options.onWarning)) {
    const before = read.kind === "record" ? lineOf.get(read.value.id) : undefined;
    if (read.kind === "record" && before !== undefined) yield duplicate(read, before, nameOfSource(source));
    else {
      if (read.kind === "record") lineOf.set(read.value.id, read.line);
      yield read;
    }
  }
}

function duplicate(
  { line, value }: Extract<Read<Caption>, { kind: "record" }>,
  before: number,
  file: string,
) {
  const error = new MmelError("DUPLICATE_ID", {
    what: `caption id "${value.id}" stands already in line ${before}`,
    where: `${file}, line ${line}`,
    expected: "each id once",
  });
  return { kind: "rejected", line, id: value.id, error, excerpt: value.text.slice(0, 200) } as const;
}
