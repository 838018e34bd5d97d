import type { Requests } from "../api/index.js";
import { createStore, type Store } from "../app/store.js";
import { type Catalogues, createCatalogues } from "./catalogues.js";
import { type Catalogue, type CatalogueApi, createCatalogueApi, type TableKind } from "./client.js";
import { createImports, type Imports } from "./importing.js";
import type { PictureFile } from "./picture-files.js";

/** The table that the reviewer is opening. */
export interface TableTask {
  readonly as: TableKind;
  /** Undefined until the reviewer chooses a file. */
  readonly file?: File;
  /** The catalogue to update. Undefined if the table becomes a new catalogue. */
  readonly update?: Catalogue;
  /** Pictures that were opened together with a table of captions. */
  readonly pictures?: readonly PictureFile[];
}

/** The state of the catalogue part that components share. */
export interface Desk {
  readonly api: CatalogueApi;
  readonly list: Catalogues;
  readonly imports: Imports;
  readonly task: Store<TableTask>;
  /** Pictures that wait for a caption. */
  readonly pictures: Store<readonly PictureFile[]>;
}

/** Calls `onImported` with the catalogue's name after each import that changed a catalogue. */
export function createDesk(requests: Requests, onImported: (catalogue: string) => void): Desk {
  const api = createCatalogueApi(requests);
  const list = createCatalogues(api);
  return {
    api,
    list,
    imports: createImports(api, ({ catalogue }) => {
      void list.reload().then(() => onImported(catalogue));
    }),
    task: createStore<TableTask>({ as: "captions" }),
    pictures: createStore<readonly PictureFile[]>([]),
  };
}
