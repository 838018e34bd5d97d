import type { Entity } from "../core/index.js";
import { entityFromRow } from "./csv/columns.js";
import type { EntityMapping } from "./csv/mapping.js";
import { mappedForm } from "./csv/mapping.js";
import { entityFromWire } from "./entity.js";
import { decoded, type Read, type ReadOptions } from "./read.js";
import { recordsOf } from "./records.js";
import type { Source } from "./source.js";
import { entitySchema } from "./wire.js";

const shape = { schema: entitySchema, code: "ENTITY_INVALID", fromWire: entityFromWire } as const;

export interface EntityReadOptions extends ReadOptions {
  /** The columns of a CSV file that has others than ours. */
  readonly mapping?: EntityMapping;
}

/**
 * Entities of JSON Lines or CSV (`properties.occupation` as a column, `|` between values), plain or gzip, in order.
 * Bad lines come out as rejected (`ENTITY_INVALID`, `ENCODING`, `FORMAT`, `LINE_TOO_LONG`: 16 MiB unless told); what
 * concerns the whole file is thrown. Memory: one line. Ids that come twice are the importer's affair.
 */
export function readEntities(source: Source, options: EntityReadOptions = {}): AsyncIterable<Read<Entity>> {
  const { mapping } = options;
  const form =
    mapping === undefined ? { required: ["id", "label"], rows: entityFromRow } : mappedForm(mapping);
  const records = recordsOf(source, form, { maxLineBytes: 16 << 20, ...options });
  return decoded(records, shape, source, options.onWarning);
}
