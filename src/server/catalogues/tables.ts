import type { PictureCaptionAnswer, TablePreview } from "../../formats/index.js";
import type { Manifest } from "../../kb/index.js";

interface TableFile {
  readonly file: string;
  /** The mapping as JSON; default: guessed. */
  readonly mapping?: unknown;
}

export interface PreviewRequest extends TableFile {
  readonly kind: "preview";
  readonly as: "entities" | "captions";
}

/** Converts a table to captions, one JSON object per line; rejected rows become `{"rejected":{"line","error"}}`. */
export interface CaptionsRequest extends TableFile {
  readonly kind: "captions";
  /** The file to write. */
  readonly output: string;
}

/** Imports a table into a knowledge base. */
export interface ImportRequest extends TableFile {
  readonly kind: "import";
  readonly target: string;
  /** Name of the knowledge base; default: the current name. */
  readonly title?: string;
  /** Whether to keep the existing entities that are not in the table. */
  readonly update: boolean;
  /** The file to which rejected rows are written, in the format of `rejectLine`. */
  readonly rejects: string;
  /** Counts of the import while it runs; see `importCounts`. */
  readonly counts: SharedArrayBuffer;
}

/** Reads the caption in the metadata of a picture. */
export interface PictureRequest {
  readonly kind: "picture";
  readonly file: string;
  /** The picture's path, which becomes the id of the caption. */
  readonly path: string;
  /** The texts of the picture's sidecars, in order of precedence. */
  readonly sidecars: readonly string[];
}

export type TableRequest = PreviewRequest | CaptionsRequest | ImportRequest | PictureRequest;

/** The answer to each kind of request. */
export interface TableAnswers {
  readonly preview: TablePreview;
  readonly captions: null;
  readonly import: Manifest;
  readonly picture: PictureCaptionAnswer;
}

export type TableAnswer = TableAnswers[TableRequest["kind"]];

/** Counts that two threads share: bytes read, entities read and rows rejected. */
export interface ImportCounts {
  readonly buffer: SharedArrayBuffer;
  bytes: number;
  entities: number;
  rejected: number;
}

/** Returns the counts in a buffer; by default, in a new one. */
export function importCounts(buffer = new SharedArrayBuffer(24)): ImportCounts {
  const counts = new Float64Array(buffer);
  const cell = (index: number) => ({
    get: () => counts[index]!,
    set: (value: number) => {
      counts[index] = value;
    },
    enumerable: true,
  });
  return Object.defineProperties({ buffer } as ImportCounts, {
    bytes: cell(0),
    entities: cell(1),
    rejected: cell(2),
  });
}
