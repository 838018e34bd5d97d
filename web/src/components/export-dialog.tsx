import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { exportCaptions, finished } from "../files/index.js";
import { progressOf } from "../review/index.js";
import { useApp, useWork } from "./context.js";
import { Dialog } from "./dialog.js";
import { ExportIcon } from "./icons.js";

/** Hands the captions out with what was decided, as a file that training and evaluation take. */
export function ExportDialog(): JSX.Element {
  const app = useApp();
  const { items } = useWork();
  const done = finished(items);
  const [onlyFinished, setOnlyFinished] = useState(done.length > 0 && done.length < items.length);
  const chosen = onlyFinished ? done : items;
  const { names, decided } = progressOf(chosen);
  return (
    <Dialog title="Export">
      <p>
        Captions in JSON Lines with your decisions as <code>gold</code>: the id of an entity, or{" "}
        <code>null</code> for what is not in the knowledge base. <code>mmel evaluate</code> and{" "}
        <code>mmel train --init</code> read it.
      </p>
      <fieldset class="choices">
        <legend class="sr">Which captions</legend>
        <label>
          <input type="radio" name="which" checked={!onlyFinished} onChange={() => setOnlyFinished(false)} />
          <span>
            All {items.length}; names without a decision have no <code>gold</code>
          </span>
        </label>
        <label>
          <input
            type="radio"
            name="which"
            checked={onlyFinished}
            disabled={done.length === 0}
            onChange={() => setOnlyFinished(true)}
          />
          <span>Only the {done.length} with every name decided</span>
        </label>
      </fieldset>
      <p class="dialog-actions">
        <span class="soft">
          {decided} of {names} names decided
        </span>
        <button
          type="button"
          class="primary"
          onClick={() => {
            download(exportCaptions(chosen), "captions-reviewed.jsonl");
            app.dialog.set(undefined);
            app.notice.set({ text: `${chosen.length} captions exported.`, tone: "done" });
          }}
        >
          <ExportIcon /> Save captions-reviewed.jsonl
        </button>
      </p>
    </Dialog>
  );
}

function download(content: string, name: string): void {
  const address = URL.createObjectURL(new Blob([content], { type: "application/x-ndjson" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
