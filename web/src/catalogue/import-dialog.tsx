import type { JSX } from "preact";
import { openTable } from "../app/index.js";
import { useApp, useStore, useWork } from "../components/context.js";
import { Dialog } from "../components/dialog.js";
import { ExportIcon } from "../components/icons.js";
import { saveFile } from "../components/save-file.js";
import type { ImportAnswer } from "./client.js";
import { addCatalogue } from "./commands.js";
import { focusOnMount } from "./focus.js";
import { type Importing, messageOf } from "./importing.js";
import { count } from "./words.js";

/** Shows the progress of an import and, at the end, what was imported. */
export function ImportDialog(): JSX.Element {
  const app = useApp();
  const importing = useStore(app.desk.imports.state);
  return (
    <Dialog title={importing === undefined ? "Import" : titleOf(importing)} wide>
      {importing !== undefined && <Stage importing={importing} />}
    </Dialog>
  );
}

function titleOf({ title, kind, update }: Importing): string {
  switch (kind) {
    case "done":
      return update ? `“${title}” is up to date` : `“${title}” is ready`;
    case "cancelled":
      return "The import was cancelled";
    case "failed":
      return "The import failed";
    default:
      return update ? `Updating “${title}”` : `Importing “${title}”`;
  }
}

function Stage({ importing }: { readonly importing: Importing }): JSX.Element {
  switch (importing.kind) {
    case "done":
      return <Summary importing={importing} answer={importing.answer} />;
    case "cancelled":
      return (
        <Ended importing={importing}>
          {importing.update ? `“${importing.title}” stays as it was.` : "No catalogue was added."}
        </Ended>
      );
    case "failed":
      return (
        <Ended importing={importing}>
          {importing.message}.{" "}
          {importing.update ? `“${importing.title}” stays as it was.` : "No catalogue was added."}
        </Ended>
      );
    default:
      return <Progress importing={importing} />;
  }
}

function Progress({ importing }: { readonly importing: Importing }): JSX.Element {
  const app = useApp();
  const isCancelling = importing.kind === "running" && importing.isCancelling;
  return (
    <>
      <progress
        class="wide-progress"
        aria-label="Progress of the import"
        max={1}
        value={shareOf(importing)}
      />
      <p class="import-numbers">
        {importing.kind === "running" ? (
          <>
            {shareOf(importing) === 1 ? "Building the index" : <ImportPercent importing={importing} />} ·{" "}
            {count(importing.answer.entities, "entity")} read
            {importing.answer.rejected > 0 && ` · ${count(importing.answer.rejected, "row")} rejected`}
          </>
        ) : (
          "Sending the file…"
        )}
      </p>
      <p class="dialog-actions">
        <span class="soft">You can close this dialog. The import continues.</span>
        <button type="button" class="secondary" disabled={isCancelling} onClick={app.desk.imports.cancel}>
          {isCancelling ? "Cancelling…" : "Cancel the import"}
        </button>
      </p>
    </>
  );
}

/** Returns how much of an import is done, from 0 to 1. Returns undefined if that is not known. */
function shareOf(importing: Importing): number | undefined {
  if (importing.kind !== "running" || importing.answer.totalBytes === 0) return undefined;
  return Math.min(1, importing.answer.bytes / importing.answer.totalBytes);
}

export function ImportPercent({ importing }: { readonly importing: Importing }): JSX.Element {
  const share = shareOf(importing);
  return <span class="import-percent">{share === undefined ? "…" : `${Math.floor(100 * share)}%`}</span>;
}

interface SummaryProps {
  readonly importing: Importing;
  readonly answer: ImportAnswer;
}

function Summary({ importing, answer }: SummaryProps): JSX.Element {
  const app = useApp();
  const { items } = useWork();
  const linkOpen = (): void => {
    app.chooseCatalogue(answer.catalogue);
    app.dialog.set(undefined);
  };
  return (
    <>
      <p role="status">
        {count(answer.entities, "entity")} {importing.update ? "updated or added" : "imported"}
        {answer.rejected > 0 && `, ${count(answer.rejected, "row")} rejected`}.
      </p>
      {answer.rejected > 0 && <Rejects answer={answer} />}
      <p class="dialog-actions">
        <button type="button" class="secondary" onClick={() => app.dialog.set(undefined)}>
          Close
        </button>
        {items.length === 0 ? (
          <button
            type="button"
            class="primary"
            ref={focusOnMount}
            onClick={() => openTable(app, { as: "captions" })}
          >
            Link captions now
          </button>
        ) : (
          <button type="button" class="primary" ref={focusOnMount} onClick={linkOpen}>
            Link the {items.length === 1 ? "open caption" : `${count(items.length, "open caption")}`} with it
          </button>
        )}
      </p>
    </>
  );
}

/** Shows why the first rows were rejected, and saves all rejected rows as a file. */
function Rejects({ answer }: { readonly answer: ImportAnswer }): JSX.Element {
  const app = useApp();
  const save = async (): Promise<void> => {
    try {
      saveFile(await app.desk.api.rejects(answer.id), `${answer.catalogue}-rejected.jsonl`);
    } catch (error) {
      app.notice.set({ text: `The rejected rows could not be saved: ${messageOf(error)}.`, tone: "problem" });
    }
  };
  return (
    <div class="callout problem column">
      <ul class="reasons">
        {answer.firstRejects.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <p>
        <button type="button" class="secondary" onClick={() => void save()}>
          <ExportIcon /> Save the rejected rows
        </button>
      </p>
    </div>
  );
}

interface EndedProps {
  readonly importing: Importing;
  readonly children: string | readonly string[];
}

/** Shows how an import ended without success, and opens the file again. */
function Ended({ importing, children }: EndedProps): JSX.Element {
  const app = useApp();
  const { file, update } = useStore(app.desk.task);
  return (
    <>
      <p class={importing.kind === "failed" ? "callout problem" : ""} role="alert">
        {children}
      </p>
      <p class="dialog-actions">
        <button type="button" class="secondary" onClick={() => app.dialog.set(undefined)}>
          Close
        </button>
        <button type="button" class="primary" onClick={() => addCatalogue(app, file, update)}>
          Back to the file
        </button>
      </p>
    </>
  );
}
