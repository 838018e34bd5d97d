import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { withAllDecided } from "../files/index.js";
import { progressOf } from "../review/index.js";
import { useApp, useWork } from "./context.js";
import { Dialog } from "./dialog.js";
import { ADDITIONS, chosenExport, exportsOf, fileNameOf, saveExport } from "./exports.js";
import { ExportIcon } from "./icons.js";

/** Lets the reviewer save captions, decisions and new entities as files. Enter saves the chosen file. */
export function ExportDialog(): JSX.Element {
  const app = useApp();
  const { items, additions } = useWork();
  const complete = withAllDecided(items);
  const [onlyComplete, setOnlyComplete] = useState(complete.length > 0 && complete.length < items.length);
  const [chosen, setChosen] = useState(chosenExport(app));
  const selected = onlyComplete ? complete : items;
  const { names, decided } = progressOf(selected);

  async function save(): Promise<void> {
    await saveExport(app, chosen, selected);
    app.dialog.set(undefined);
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
          {exportsOf(app).map((one) => (
            <label key={one.kind}>
              <input
                type="radio"
                name="file"
                checked={one === chosen}
                onChange={() => {
                  setChosen(one);
                  if (one !== ADDITIONS) app.preferences.set({ ...app.preferences.get(), export: one.kind });
                }}
              />
              <span>
                {one.label}
                <span class="soft about-export">{one.about}</span>
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
            <ExportIcon /> Save {fileNameOf(chosen, app)}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
