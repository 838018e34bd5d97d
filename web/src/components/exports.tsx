import type { JSX } from "preact";
import type { App } from "../app/index.js";
import {
  decidedLinks,
  exportCaptions,
  jsonLines,
  reviewTable,
  tableToCsv,
  tableToXlsx,
} from "../files/index.js";
import type { Item } from "../review/index.js";
import type { ExportKind } from "../storage/index.js";
import { saveFile } from "./save-file.js";

/** A file that the reviewer can save. */
export interface Export {
  readonly kind: ExportKind;
  readonly label: string;
  readonly about: JSX.Element;
  readonly type: string;
  readonly content: (app: App, items: readonly Item[]) => BlobPart | Promise<BlobPart>;
}

const EXPORTS: readonly Export[] = [
  {
    kind: "captions-reviewed.jsonl",
    label: "Captions with decisions (JSON Lines)",
    about: (
      <>
        For <code>mmel evaluate</code>, <code>calibrate</code>, <code>train</code> and <code>agreement</code>,
        and to continue here later
      </>
    ),
    type: "application/x-ndjson",
    content: (_, items) => exportCaptions(items),
  },
  {
    kind: "captions-reviewed.xlsx",
    label: "Table (Excel)",
    about: <>One row a name, with caption, decision, suggestion and reviewer</>,
    type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    content: async (app, items) =>
      await tableToXlsx(reviewTable(items, app.work.get().linkings, labelOf(app))),
  },
  {
    kind: "captions-reviewed.csv",
    label: "Table (CSV)",
    about: <>The same rows, for any program; columns are divided as in the table that you opened last</>,
    type: "text/csv",
    content: (app, items) =>
      tableToCsv(reviewTable(items, app.work.get().linkings, labelOf(app)), app.preferences.get().delimiter),
  },
  {
    kind: "links-reviewed.jsonl",
    label: "Decided links (JSON Lines)",
    about: (
      <>
        To write people into the sidecar files of pictures:{" "}
        <code>
          mmel dataset sidecar links-reviewed.jsonl --captions captions-reviewed.jsonl --images FOLDER
        </code>
      </>
    ),
    type: "application/x-ndjson",
    content: (app, items) => jsonLines(decidedLinks(items, app.work.get().linkings, labelOf(app))),
  },
];

export const ADDITIONS: Export = {
  kind: "additions.jsonl",
  label: "New entities (JSON Lines)",
  about: (
    <>
      Add them with <em>Update…</em> in the list of catalogues, or with{" "}
      <code>mmel kb import additions.jsonl --update --kb KB</code>
    </>
  ),
  type: "application/x-ndjson",
  content: (app) => jsonLines(app.work.get().additions),
};

/** Returns a function that finds the labels of entities that the page knows. */
const labelOf =
  ({ entities }: App) =>
  (id: string): string | undefined =>
    entities.labelOf(id);

/** Returns the files that can be saved. */
export const exportsOf = ({ work }: App): readonly Export[] =>
  work.get().additions.length > 0 ? [...EXPORTS, ADDITIONS] : EXPORTS;

/** Returns the file with captions that is exported unless the reviewer chooses another. */
export const chosenExport = ({ preferences }: App): Export =>
  EXPORTS.find(({ kind }) => kind === preferences.get().export) ?? EXPORTS[0]!;

/** Returns the name of a file. Columns divided by tabs have an ending of their own. */
export const fileNameOf = ({ kind }: Export, { preferences }: App): string =>
  kind === "captions-reviewed.csv" && preferences.get().delimiter === "\t" ? "captions-reviewed.tsv" : kind;

/** Saves a file with these captions, and says so. */
export async function saveExport(app: App, chosen: Export, items: readonly Item[]): Promise<void> {
  const name = fileNameOf(chosen, app);
  saveFile(new Blob([await chosen.content(app, items)], { type: chosen.type }), name);
  app.notice.set({ text: `Saved ${name}.`, tone: "done" });
}
