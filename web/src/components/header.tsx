import type { JSX } from "preact";
import { redo, undo } from "../app/index.js";
import { CatalogueButton } from "../catalogue/catalogue-button.js";
import { LinkingProgress } from "../catalogue/linking-progress.js";
import { progressOf, waitingCount } from "../review/index.js";
import { useApp, useStore, useWork } from "./context.js";
import { ExportIcon, HelpIcon, ListIcon, PlusIcon, RedoIcon, SettingsIcon, UndoIcon } from "./icons.js";

export function Header(): JSX.Element {
  const app = useApp();
  const { items, past, future } = useWork();
  const isWorking = items.length > 0;
  return (
    <header class="top">
      <h1>
        <img src="./icon.svg" alt="" width="28" height="28" /> <span class="brand">mmel</span>{" "}
        <span class="brand soft">review</span>
      </h1>
      {isWorking && <ProgressLine />}
      <div class="top-actions">
        <CatalogueButton />
        {isWorking && (
          <>
            <button
              type="button"
              class="quiet round only-narrow"
              aria-label="Captions"
              onClick={() => app.dialog.set("captions")}
            >
              <ListIcon />
            </button>
            <button
              type="button"
              class="quiet round"
              aria-label="Undo"
              title="Undo (U)"
              disabled={past.length === 0}
              onClick={() => undo(app)}
            >
              <UndoIcon />
            </button>
            <button
              type="button"
              class="quiet round"
              aria-label="Redo"
              title="Redo (R)"
              disabled={future.length === 0}
              onClick={() => redo(app)}
            >
              <RedoIcon />
            </button>
            <button
              type="button"
              class="quiet round"
              aria-label="Add a caption"
              title="Add a caption (+)"
              onClick={() => app.dialog.set("compose")}
            >
              <PlusIcon />
            </button>
          </>
        )}
        <button
          type="button"
          class="quiet round"
          aria-label="Settings"
          title="Settings"
          onClick={() => app.dialog.set("settings")}
        >
          <SettingsIcon />
        </button>
        <button
          type="button"
          class="quiet round only-wide"
          aria-label="Keyboard shortcuts"
          title="Keyboard shortcuts (?)"
          onClick={() => app.dialog.set("help")}
        >
          <HelpIcon />
        </button>
        {isWorking && (
          <button type="button" class="secondary export" onClick={() => app.dialog.set("export")}>
            <ExportIcon /> <span>Export</span>
          </button>
        )}
      </div>
    </header>
  );
}

function ProgressLine(): JSX.Element {
  const work = useWork();
  const isLinking = waitingCount(work) > 0;
  const saving = useStore(useApp().saving);
  const { names, decided } = progressOf(work.items);
  return (
    <div class="progress">
      <progress aria-label="Names decided" max={Math.max(1, names)} value={decided} />
      <span class="progress-words">
        {decided} of {names} {names === 1 ? "name" : "names"}
        <span class="only-wide"> decided</span>
        {!isLinking && (saving.kind === "saved" || saving.kind === "saving") && (
          <span class="soft only-wide"> · saved in this browser</span>
        )}
      </span>
      {isLinking && <LinkingProgress />}
    </div>
  );
}
