import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { exportCaptions, withAllDecided } from "../files/index.js";
import { progressOf } from "../review/index.js";
import { useApp, useWork } from "./context.js";
import { Dialog } from "./dialog.js";
import { ExportIcon } from "./icons.js";

/** Lets the reviewer save the captions and decisions as a file for training and evaluation. */
export function ExportDialog(): JSX.Element {
  const app = useApp();
  const { items } = useWork();
  const complete = withAllDecided(items);
  const [onlyComplete, setOnlyComplete] = useState(complete.length > 0 && complete.length < items.length);
  const selected = onlyComplete ? complete : items;
  const { names, decided } = progressOf(selected);
  return (
    <Dialog title="Export">
      <p>
        Saves captions as JSON Lines with your decisions in <code>gold</code>: an entity’s id, or{" "}
        <code>null</code> for a name that is not in the knowledge base. <code>mmel evaluate</code> and{" "}
        <code>mmel train --init</code> read this file.
      </p>
      <fieldset class="choices">
        <legend class="sr">Which captions</legend>
        <label>
          <input type="radio" name="which" checked={!onlyComplete} onChange={() => setOnlyComplete(false)} />
          <span>
            All captions ({items.length}); undecided names have no <code>gold</code>
          </span>
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
      <p class="dialog-actions">
        <span class="soft">
          {decided} of {names} {names === 1 ? "name" : "names"} decided
        </span>
        <button
          type="button"
          class="primary"
          onClick={() => {
            download(exportCaptions(selected), "captions-reviewed.jsonl");
            app.dialog.set(undefined);
            app.notice.set({
              text: `Exported ${selected.length === 1 ? "1 caption" : `${selected.length} captions`}.`,
              tone: "done",
            });
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
