import type {
  CataloguesAnswer,
  ImportAnswer,
  PictureCaptionAnswer,
  TablePreviewAnswer,
} from "../../../src/formats/service.js";
import { ApiError, patiently, type Requests } from "../api/index.js";
import { linesOf } from "../files/lines.js";
import type { NewEntity } from "../review/index.js";
import type { PictureFile } from "./picture-files.js";

/** A catalogue of entities that the service links to. */
export type Catalogue = CataloguesAnswer["catalogues"][number];

export type TableKind = "entities" | "captions";

/** The field of a column. A list has a separator between its values. */
export interface ColumnTarget {
  readonly field: string;
  readonly separator?: string | undefined;
}

/** How a table is opened. The service guesses what is absent. */
export interface TableSettings {
  readonly delimiter?: string;
  readonly encoding?: string;
  /** Name of the sheet of an Excel file. */
  readonly sheet?: string;
  /** Number of the row that names the columns, counted from 1. */
  readonly headerRow?: number;
}

/** The mapping of a table: the fields of its columns. All other settings are left as the service sent them. */
export interface TableMapping extends TableSettings {
  readonly columns: Readonly<Record<string, ColumnTarget>>;
  /** Columns from whose cells ids are made, in a table of entities without a column of ids. */
  readonly makeIds?: readonly string[];
}

/** The columns that the service found in a table, and its first rows. */
export type TablePreview = Omit<TablePreviewAnswer, "mapping"> & { readonly mapping: TableMapping };

export interface NewImport {
  readonly file: File;
  /** Name of the catalogue. For a new catalogue, any text that people recognise. */
  readonly name: string;
  /** Undefined for JSON Lines, which need no mapping. */
  readonly mapping?: TableMapping;
  readonly update: boolean;
}

export type { CataloguesAnswer, ImportAnswer };

/** A line of the service's response to a table of captions: a caption, or a row that was rejected. */
export type CaptionLine =
  | { readonly rejected: { readonly line: number; readonly error: string } }
  | { readonly rejected?: undefined; readonly caption: unknown };

/** The requests of the catalogue part. They fail as those of `createRequests`. */
export interface CatalogueApi {
  list(): Promise<CataloguesAnswer>;
  /** Without a mapping, or with settings only, the service guesses what the columns become. */
  preview(
    file: File,
    as: TableKind,
    mapping?: TableMapping | TableSettings,
    signal?: AbortSignal,
  ): Promise<TablePreview>;
  /** Sends a file to import and returns the id of the import. */
  startImport(request: NewImport, signal: AbortSignal): Promise<string>;
  /** Sends entities with new ids, which are added to a catalogue, and returns the id of the import. */
  addEntities(catalogue: string, entities: readonly NewEntity[]): Promise<string>;
  importState(id: string): Promise<ImportAnswer>;
  cancelImport(id: string): Promise<void>;
  /** Returns the rejected lines of an import as JSON Lines. */
  rejects(id: string): Promise<Blob>;
  remove(name: string): Promise<void>;
  /** Returns the captions of a table, one at a time. */
  captions(file: File, mapping: TableMapping, signal: AbortSignal): AsyncIterable<CaptionLine>;
  /** Returns the caption in the metadata of a picture and its sidecars, if there is one. */
  pictureCaption(picture: PictureFile, signal?: AbortSignal): Promise<PictureCaptionAnswer>;
}

export function createCatalogueApi({ ask, json }: Requests): CatalogueApi {
  const one = (kind: "catalogues" | "imports", id: string): string => `v1/${kind}/${encodeURIComponent(id)}`;
  return {
    list: () => json("v1/catalogues"),
    preview: (file, as, mapping, signal) =>
      json("v1/tables/preview", {
        ...post({ as, ...(mapping && { mapping: JSON.stringify(mapping) }) }, beginningOf(file)),
        ...(signal && { signal }),
      }),
    startImport: async ({ file, name, mapping, update }, signal) => {
      const fields = { name, update: String(update), ...(mapping && { mapping: JSON.stringify(mapping) }) };
      const answer = await json<{ import: string }>("v1/catalogues", { ...post(fields, file), signal });
      return answer.import;
    },
    addEntities: async (catalogue, entities) => {
      const init = { method: "POST", body: JSON.stringify({ entities }) };
      return (await json<{ import: string }>(`${one("catalogues", catalogue)}/entities`, init)).import;
    },
    importState: (id) => json(one("imports", id)),
    cancelImport: async (id) => void (await ask(one("imports", id), { method: "DELETE" })),
    rejects: async (id) => (await ask(`${one("imports", id)}/rejects`)).blob(),
    remove: async (name) => void (await ask(one("catalogues", name), { method: "DELETE" })),
    async *captions(file, mapping, signal) {
      const sent = post({ mapping: JSON.stringify(mapping) }, file);
      const { body } = await ask("v1/tables/captions", { ...sent, signal });
      if (body === null) throw new ApiError("failed", "the server's response is empty");
      for await (const line of linesOf(body)) {
        if (line === "") continue;
        const value = JSON.parse(line) as { rejected?: { line: number; error: string } };
        yield value.rejected === undefined ? { caption: value } : { rejected: value.rejected };
      }
    },
    pictureCaption: async ({ file, path, sidecars: [first, second] }, signal) => {
      const sidecar = await first?.text();
      const otherSidecar = await second?.text();
      const fields = { path, ...(sidecar && { sidecar }), ...(otherSidecar && { otherSidecar }) };
      return await patiently(() =>
        json("v1/pictures/caption", { ...post(fields, file), ...(signal && { signal }) }),
      );
    },
  };
}

/** Returns a form to post. The fields come before the file, so that the service knows them when the file arrives. */
function post(fields: Readonly<Record<string, string>>, file: File): RequestInit {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  body.append("file", file, file.name);
  return { method: "POST", body };
}

/** Bytes of a text file that a preview needs. */
const PREVIEW_BYTES = 2 << 20;

/** Returns the beginning of a large text file. Compressed files and workbooks are readable only as a whole. */
function beginningOf(file: File): File {
  if (file.size <= PREVIEW_BYTES || !/\.(csv|tsv|tab|txt)$/i.test(file.name)) return file;
  return new File([file.slice(0, PREVIEW_BYTES)], file.name, { type: file.type });
}
