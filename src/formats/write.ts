import type { Caption, CaptionLinks, Entity, OffsetUnit } from "../core/index.js";
import { captionToWire, entityToWire, linksToWire } from "./convert.js";
import { csvLine } from "./csv/cells.js";
import {
  CAPTION_COLUMNS,
  captionRows,
  entityColumns,
  entityRow,
  LINK_COLUMNS,
  linkRows,
} from "./csv/columns.js";
import { type EntityMapping, mappedColumns, mappedRow } from "./csv/mapping.js";
import { linksToDisplacy } from "./displacy.js";
import type { NifOptions } from "./nif/index.js";
import type { CaptionFileFormat, FileFormat } from "./record.js";
import { linksToAnnotations } from "./web-annotation.js";
import type { WireEntity } from "./wire.js";

export interface CaptionWriteOptions {
  readonly format?: CaptionFileFormat;
  /** The unit of `start` and `end`; NIF always uses code points. */
  readonly offsets?: OffsetUnit;
  readonly nif?: NifOptions;
  /** For NIF: called for each caption with mentions that are left out, because they are not in the text. */
  readonly onUnplaced?: (id: string, mentions: number) => void;
}

/**
 * Yields the lines of a caption file, with line feeds. Reading the file with `readCaptions` returns equal captions, but see
 * `captionToNif`.
 */
export async function* captionLines(
  captions: Iterable<Caption> | AsyncIterable<Caption>,
  { format = "jsonl", offsets = "utf16", nif = {}, onUnplaced }: CaptionWriteOptions = {},
): AsyncGenerator<string> {
  if (format === "nif") {
    const { captionToNif, nifHeader } = await import("./nif/index.js");
    yield nifHeader(nif);
    for await (const caption of captions) {
      const { text, unplaced } = captionToNif(caption, nif);
      if (unplaced > 0) onUnplaced?.(caption.id, unplaced);
      yield text;
    }
    return;
  }
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

/** Options for `entityLines`. CSV needs the names of all properties in advance, for its header. */
export type EntityWriteOptions =
  | { readonly format?: "jsonl" }
  | { readonly format: "csv"; readonly properties: readonly string[] }
  | { readonly format: "csv"; readonly mapping: EntityMapping };

/**
 * Yields the lines of an entity file, with line feeds. Reading the file with `readEntities` returns equal entities;
 * with a mapping, only the mapped fields are written. Throws `ENTITY_INVALID` if a property has no column, or if a
 * mapped cell cannot represent a value.
 */
export async function* entityLines(
  entities: Iterable<Entity> | AsyncIterable<Entity>,
  options: EntityWriteOptions = {},
): AsyncGenerator<string> {
  const table = options.format === "csv" ? tableOf(options) : undefined;
  if (table !== undefined) yield table.header;
  for await (const entity of entities) {
    const wire = entityToWire(entity);
    yield table?.row(wire) ?? `${JSON.stringify(wire)}\n`;
  }
}

function tableOf(options: Extract<EntityWriteOptions, { format: "csv" }>) {
  if ("mapping" in options) {
    const { mapping } = options;
    return {
      header: csvLine(mappedColumns(mapping), mapping.delimiter),
      row: (wire: WireEntity) => csvLine(mappedRow(wire, mapping), mapping.delimiter),
    };
  }
  const { properties } = options;
  return {
    header: csvLine(entityColumns(properties)),
    row: (wire: WireEntity) => csvLine(entityRow(wire, properties)),
  };
}

/**
 * Format of a links file, with one line per caption (CSV: one line per mention; NIF: one statement per line or several).
 * `displacy`, `webannotation` and `nif` are formats of other tools; their offsets are in code points.
 */
export type LinkFileFormat = FileFormat | "displacy" | "webannotation" | "nif";

interface LinkWriter {
  /** The first line of the file. */
  readonly header?: string;
  /** Converts the links of one caption to lines. `text` is the caption's text, if it is known. */
  readonly lines: (
    links: CaptionLinks,
    text: string | undefined,
    unit: OffsetUnit | undefined,
    onUnplaced: (mentions: number) => void,
  ) => string;
}
const json = (value: unknown): string => `${JSON.stringify(value)}\n`;

const LINK_WRITERS: Readonly<Record<Exclude<LinkFileFormat, "nif">, LinkWriter>> = {
  jsonl: { lines: (links, text, unit) => json(linksToWire(links, unit, text)) },
  csv: {
    header: csvLine(LINK_COLUMNS),
    lines: (links, text, unit) =>
      linkRows(linksToWire(links, unit, text))
        .map((cells) => csvLine(cells))
        .join(""),
  },
  displacy: {
    lines: (links, text = "", _unit, onUnplaced) => {
      const document = linksToDisplacy(links, text);
      onUnplaced(links.mentions.length - document.ents.length);
      return json(document);
    },
  },
  webannotation: {
    lines: (links, text = "", _unit, onUnplaced) => {
      const page = linksToAnnotations(links, text);
      onUnplaced(page.items.filter(({ target }) => target.selector.length === 1).length);
      return json(page);
    },
  },
};

/** Returns the writer of NIF. Loads it first, because it needs n3. */
async function nifWriter(options: NifOptions): Promise<LinkWriter> {
  const { linksToNif, nifHeader } = await import("./nif/index.js");
  return {
    header: nifHeader(options),
    lines: (links, text = "", _unit, onUnplaced) => {
      const written = linksToNif(links, text, options);
      onUnplaced(written.unplaced);
      return written.text;
    },
  };
}

export interface LinkWriteOptions {
  readonly format?: LinkFileFormat;
  /** Whether to begin with the header of the format, if it has one (default: true). */
  readonly header?: boolean;
  /**
   * Unit of `start` and `end`, and the captions' texts. Required for the formats of other tools, and for units other
   * than UTF-16.
   */
  readonly offsets?: { readonly unit: OffsetUnit; readonly textOf: (id: string) => string };
  readonly nif?: NifOptions;
  /**
   * For the formats of other tools: called for each caption with mentions that have no place in the output, because
   * they are not in the text or, for displaCy, overlap other mentions.
   */
  readonly onUnplaced?: (id: string, mentions: number) => void;
}

/**
 * Yields the lines of a links file, with line feeds. `readLinks` reads links back from JSON Lines and CSV, but not
 * completely: entities keep only id and label, and `independent` is lost. `independentRank` is written only together
 * with `explain`. CSV omits both, and also `with` and the fields of the caption.
 */
export async function* linkLines(
  links: Iterable<CaptionLinks> | AsyncIterable<CaptionLinks>,
  { format = "jsonl", header = true, offsets, nif = {}, onUnplaced }: LinkWriteOptions = {},
): AsyncGenerator<string> {
  const writer = format === "nif" ? await nifWriter(nif) : LINK_WRITERS[format];
  if (header && writer.header !== undefined) yield writer.header;
  for await (const captionLinks of links) {
    const { id } = captionLinks;
    yield writer.lines(captionLinks, offsets?.textOf(id), offsets?.unit, (mentions) => {
      if (mentions > 0) onUnplaced?.(id, mentions);
    });
  }
}
