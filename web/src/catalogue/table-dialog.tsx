import type { JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { openFiles } from "../app/index.js";
import { useApp, useStore } from "../components/context.js";
import { Dialog } from "../components/dialog.js";
import type { Catalogue, TableKind } from "./client.js";
import { ColumnList } from "./column-list.js";
import { openCaptions } from "./commands.js";
import type { TableTask } from "./desk.js";
import { blockers, captionIdNotes, mappingOf, previewOf, titleOf } from "./fields.js";
import { CAPTION_FILES, CATALOGUE_FILES, FileButton } from "./file-drop.js";
import { isUnfinished, messageOf } from "./importing.js";
import { isJsonLines } from "./records.js";
import { RowPreviews } from "./row-previews.js";
import { TableSettingsRow } from "./table-settings.js";
import { type Table, useTable } from "./use-table.js";
import { count } from "./words.js";

type OpenTask = TableTask & { readonly file: File };

/** Lets the reviewer open a table of captions, or import a table or JSON Lines file as a catalogue. */
export function TableDialog(): JSX.Element {
  const app = useApp();
  const task = useStore(app.desk.task);
  const { file } = task;
  return (
    <Dialog title={headingOf(task)} wide huge={file !== undefined} keepOpen={file !== undefined}>
      {file === undefined ? (
        <ChooseFile as={task.as} />
      ) : (
        <Opened key={keyOf(file, task.as)} task={{ ...task, file }} />
      )}
    </Dialog>
  );
}

/** Makes the dialog start again with each file. */
const keyOf = ({ name, size, lastModified }: File, as: TableKind): string =>
  `${as} ${name} ${size} ${lastModified}`;

function headingOf({ as, update }: TableTask): string {
  if (as === "captions") return "Link captions";
  return update === undefined ? "Add a catalogue" : `Update “${update.title}”`;
}

function ChooseFile({ as }: { readonly as: TableKind }): JSX.Element {
  const app = useApp();
  const isCatalogue = as === "entities";
  return (
    <div class="drop-zone tall">
      <p>
        {isCatalogue
          ? "Drop the spreadsheet with your people, places or things here: one row for each, with a column for the name."
          : "Drop your captions here: a spreadsheet with one caption in each row, a JSON Lines file, or pictures."}
      </p>
      <p class="drop-buttons">
        <FileButton
          class="primary"
          autofocus
          label={isCatalogue ? "File of the catalogue" : "File of the captions"}
          accept={isCatalogue ? CATALOGUE_FILES : CAPTION_FILES}
          multiple={!isCatalogue}
          onFiles={(files) => {
            if (!isCatalogue) app.dialog.set(undefined);
            void openFiles(app, files);
          }}
        >
          Choose a file…
        </FileButton>
      </p>
      <p class="soft">
        {isCatalogue
          ? "Excel (.xlsx), CSV, TSV or JSON Lines"
          : "Excel (.xlsx), CSV, TSV, JSON Lines or pictures"}
      </p>
    </div>
  );
}

function Opened({ task }: { readonly task: OpenTask }): JSX.Element {
  const app = useApp();
  const { table, settings, setColumns, setSettings } = useTable(task);
  const list = useStore(app.desk.list.state);
  const isReadOnly = list.kind === "ready" && !list.writable;
  return (
    <>
      <FileLine task={task} table={table} isReadOnly={isReadOnly} />
      {table.kind !== "loading" && table.preview !== undefined && !(task.as === "entities" && isReadOnly) && (
        <TableSettingsRow
          preview={table.preview}
          settings={settings}
          isReading={table.kind === "ready" && table.isReading === true}
          onChange={setSettings}
        />
      )}
      {table.kind === "loading" && (
        <p class="table-wait" role="status">
          Reading the columns…
        </p>
      )}
      {table.kind === "failed" && (
        <p class="callout problem" role="alert">
          The file cannot be read{table.preview !== undefined && " like this"}: {table.message}.
        </p>
      )}
      {task.as === "entities" && isReadOnly ? (
        <p class="callout problem" role="alert">
          This service does not let you add catalogues. Ask the person who runs it, or run{" "}
          <code>mmel open</code> on your own computer.
        </p>
      ) : (
        table.kind === "ready" && (
          <>
            <Problems task={task} table={table} />
            <div
              class={table.columns.length > 0 ? "table-parts" : "table-parts single"}
              aria-busy={table.isReading === true}
            >
              {table.columns.length > 0 && (
                <ColumnList as={task.as} columns={table.columns} onChange={setColumns} />
              )}
              <RowPreviews as={task.as} rows={previewsOf(task, table)} />
            </div>
            {task.as === "entities" ? (
              <ImportForm task={task} table={table} />
            ) : (
              <CaptionsForm task={task} table={table} />
            )}
          </>
        )
      )}
    </>
  );
}

type ReadyTable = Extract<Table, { kind: "ready" }>;

const previewsOf = ({ as }: TableTask, table: ReadyTable) =>
  table.records ?? table.preview.rows.map((row) => previewOf(as, table.preview, table.columns, row));

interface PartProps {
  readonly task: OpenTask;
  readonly table: ReadyTable;
}

interface FileLineProps {
  readonly task: OpenTask;
  readonly table: Table;
  readonly isReadOnly: boolean;
}

/** Shows the file's name and format, and lets the reviewer choose another file or what the file contains. */
function FileLine({ task, table, isReadOnly }: FileLineProps): JSX.Element {
  const app = useApp();
  return (
    <div class="file-line">
      <span>
        <strong>
          <bdi>{task.file.name}</bdi>
        </strong>{" "}
        <span class="soft">{table.kind === "ready" && formatOf(table)}</span>
      </span>
      {task.update === undefined && !isReadOnly && !isJsonLines(task.file) && (
        <fieldset class="order contents">
          <legend class="sr">What the file contains</legend>
          {(["captions", "entities"] as const).map((as) => (
            <label key={as}>
              <input
                type="radio"
                name="contents"
                checked={task.as === as}
                onChange={() => app.desk.task.set({ ...task, as })}
              />
              <span>{as === "captions" ? "Captions" : "Catalogue"}</span>
            </label>
          ))}
        </fieldset>
      )}
      <FileButton
        class="link"
        label="Another file"
        accept={task.as === "entities" ? CATALOGUE_FILES : CAPTION_FILES}
        onFiles={(files) => {
          if (task.as === "captions") app.dialog.set(undefined);
          void openFiles(app, files);
        }}
      >
        Choose another file
      </FileButton>
    </div>
  );
}

function formatOf({ preview, columns }: ReadyTable): string {
  if (preview === undefined) return "JSON Lines";
  const format = preview.kind === "xlsx" ? "Excel" : "text";
  return `${format}, ${count(columns.length, "column")}`;
}

/** Shows in plain words why a table cannot be read with these columns, and what may surprise. */
function Problems({ task, table }: PartProps): JSX.Element {
  const blocking = blockersOf(task, table);
  const found = table.problems.length > 0 ? table.problems : blocking;
  const notes = task.as === "captions" ? captionIdNotes(task.file.name, table.columns) : [];
  const shown = blocking.length > 0 ? found : [...found, ...notes];
  return (
    <div class="problems" role="status">
      {shown.length > 0 && (
        <ul class={blocking.length > 0 ? "callout problem reasons" : "callout reasons"}>
          {shown.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

const blockersOf = ({ as }: TableTask, { columns, preview }: ReadyTable): string[] =>
  preview === undefined ? [] : blockers(as, columns);

/** Returns whether the table can be imported or opened. */
const isUsable = (task: TableTask, table: ReadyTable): boolean =>
  table.isReading !== true && blockersOf(task, table).length === 0;

/** Asks for the name of the catalogue and starts the import. */
function ImportForm({ task, table }: PartProps): JSX.Element {
  const app = useApp();
  const id = useId();
  const importing = useStore(app.desk.imports.state);
  const isBusy = isUnfinished(importing);
  const { update, file } = task;
  const [title, setTitle] = useState(update?.title ?? titleOf(file.name));
  const list = useStore(app.desk.list.state);
  const isTaken = update === undefined && list.kind === "ready" && isNameTaken(list.catalogues, title);
  const isReady = title.trim() !== "" && !isTaken && isUsable(task, table) && !isBusy;
  return (
    <form
      class="table-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isReady) return;
        const mapping = table.preview && mappingOf(table.preview, table.columns, task.as);
        const name = update?.name ?? title.trim();
        app.desk.imports.start(
          { file, name, update: update !== undefined, ...(mapping && { mapping }) },
          title.trim(),
        );
        app.dialog.set("import");
      }}
    >
      {update === undefined ? (
        <div class="table-name">
          <label for={id}>Name of the catalogue</label>
          <input
            id={id}
            type="text"
            autocomplete="off"
            maxLength={80}
            value={title}
            aria-describedby={`${id}-taken`}
            onInput={({ currentTarget }) => setTitle(currentTarget.value)}
          />
          <span id={`${id}-taken`} class="problem-text" role="status">
            {isTaken &&
              "There is already a catalogue with this name. Choose another name, or update the other."}
          </span>
        </div>
      ) : (
        <p class="soft">
          Entities with the same id are replaced, new ones are added, and all others stay in the catalogue.
        </p>
      )}
      <button type="submit" class="primary" disabled={!isReady}>
        {update === undefined ? "Import" : "Update"}
      </button>
      {isBusy && <p class="soft">Another import is still running.</p>}
    </form>
  );
}

/** Returns whether a catalogue has this title. Importing under its title would replace it. */
const isNameTaken = (catalogues: readonly Catalogue[], title: string): boolean =>
  catalogues.some((one) => one.title.toLowerCase() === title.trim().toLowerCase());

/** Reads the captions of the table and opens them. */
function CaptionsForm({ task, table }: PartProps): JSX.Element {
  const app = useApp();
  const [read, setRead] = useState<number>();
  const [problem, setProblem] = useState<string>();
  const control = useRef(new AbortController());
  useEffect(() => () => control.current.abort(), []);
  const start = async (): Promise<void> => {
    control.current = new AbortController();
    const { signal } = control.current;
    setProblem(undefined);
    setRead(0);
    try {
      await openCaptions(app, task, mappingOf(table.preview!, table.columns, task.as), {
        signal,
        onRead: setRead,
      });
      app.dialog.set(undefined);
    } catch (error) {
      if (!signal.aborted) setProblem(messageOf(error));
      setRead(undefined);
    }
  };
  return (
    <form
      class="table-form"
      onSubmit={(event) => {
        event.preventDefault();
        void start();
      }}
    >
      <p class={problem === undefined ? "soft" : "problem-text"} role="status">
        {problem !== undefined && `The captions could not be read: ${problem}.`}
        {problem === undefined && read !== undefined && `${count(read, "caption")} read…`}
        {problem === undefined &&
          read === undefined &&
          !table.columns.some(({ field }) => field === "mentions" || field === "mention") &&
          "Names are detected, since no column contains them."}
      </p>
      {read === undefined ? (
        <button type="submit" class="primary" disabled={!isUsable(task, table)}>
          Link these captions
        </button>
      ) : (
        <button type="button" class="secondary" onClick={() => control.current.abort()}>
          Cancel
        </button>
      )}
    </form>
  );
}
