import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { App } from "../app/index.js";
import {
  decidedLinks,
  exportCaptions,
  jsonLines,
  reviewTable,
  tableToCsv,
  tableToXlsx,
  withAllDecided,
} from "../files/index.js";
import { type Item, progressOf } from "../review/index.js";
import { useApp, useStore, useWork } from "./context.js";
import { Dialog } from "./dialog.js";
import { ExportIcon } from "./icons.js";
import { saveFile } from "./save-file.js";

/** A file that the reviewer can save. */
interface Export {
  readonly name: string;
  readonly label: string;
  readonly about: JSX.Element;
  readonly type: string;
  readonly content: (app: App, items: readonly Item[]) => BlobPart | Promise<BlobPart>;
}

const EXPORTS: readonly Export[] = [
  {
    name: "captions-reviewed.jsonl",
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
    name: "captions-reviewed.xlsx",
    label: "Table (Excel)",
    about: <>One row a name, with caption, decision, suggestion and reviewer</>,
    type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    content: async (app, items) =>
      await tableToXlsx(reviewTable(items, app.work.get().linkings, labelOf(app))),
  },
  {
    name: "captions-reviewed.csv",
    label: "Table (CSV)",
    about: <>The same rows, for any program</>,
    type: "text/csv",
    content: (app, items) => tableToCsv(reviewTable(items, app.work.get().linkings, labelOf(app))),
  },
  {
    name: "links-reviewed.jsonl",
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

const ADDITIONS: Export = {
  name: "additions.jsonl",
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

/** Lets the reviewer save captions, decisions and new entities as files. Enter saves the chosen file. */
export function ExportDialog(): JSX.Element {
  const app = useApp();
  const { items, additions } = useWork();
  const complete = withAllDecided(items);
  const [onlyComplete, setOnlyComplete] = useState(complete.length > 0 && complete.length < items.length);
  const exports = additions.length > 0 ? [...EXPORTS, ADDITIONS] : EXPORTS;
  const preferences = useStore(app.preferences);
  const chosen = exports.find(({ name }) => name === preferences.export) ?? exports[0]!;
  const selected = onlyComplete ? complete : items;
  const { names, decided } = progressOf(selected);

  async function save(): Promise<void> {
    const { name, type, content } = chosen;
    saveFile(new Blob([await content(app, selected)], { type }), name);
    app.dialog.set(undefined);
    app.notice.set({ text: `Saved ${name}.`, tone: "done" });
  }

  return (
    <Dialog title="Export">
      <form
        class="export-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <fieldset class="choices">
          <legend>File</legend>
          {exports.map(({ name, label, about }) => (
            <label key={name}>
              <input
                type="radio"
                name="file"
                checked={name === chosen.name}
                onChange={() => app.preferences.set({ ...app.preferences.get(), export: name })}
              />
              <span>
                {label}
                <span class="soft about-export">{about}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {chosen !== ADDITIONS && (
          <fieldset class="choices">
            <legend>Captions</legend>
            <label>
              <input
                type="radio"
                name="which"
                checked={!onlyComplete}
                onChange={() => setOnlyComplete(false)}
              />
              <span>All captions ({items.length}), also with undecided names</span>
            </label>
            <label>
              <input
                type="radio"
                name="which"
                checked={onlyComplete}
                disabled={complete.length === 0}
                onChange={() => setOnlyComplete(true)}
              />
              <span>Only captions with every name decided ({complete.length})</span>
            </label>
          </fieldset>
        )}
        <p class="dialog-actions">
          <span class="soft">
            {chosen === ADDITIONS
              ? `${additions.length === 1 ? "1 entity" : `${additions.length} entities`}`
              : `${decided} of ${names} ${names === 1 ? "name" : "names"} decided`}
          </span>
          <button type="submit" class="primary" autofocus>
            <ExportIcon /> Save {chosen.name}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
