import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type DialogName, here, openFiles } from "../app/index.js";
import { ActionBar } from "./action-bar.js";
import { Banners, NoticeBar } from "./banners.js";
import { CaptionCard } from "./caption-card.js";
import { ComposeDialog } from "./composer.js";
import { useApp, useStore, useWork } from "./context.js";
import { Dialog } from "./dialog.js";
import { ExportDialog } from "./export-dialog.js";
import { Header } from "./header.js";
import { HelpDialog } from "./help-dialog.js";
import { useKeys } from "./keys.js";
import { MarkDialog } from "./mark-dialog.js";
import { MentionPanel } from "./mention-panel.js";
import { Queue } from "./queue.js";
import { SearchDialog } from "./search-dialog.js";
import { ClearDialog, SettingsDialog } from "./settings-dialog.js";
import { StartScreen } from "./start-screen.js";

const DIALOGS: Readonly<Record<DialogName, () => JSX.Element>> = {
  search: SearchDialog,
  help: HelpDialog,
  settings: SettingsDialog,
  export: ExportDialog,
  compose: ComposeDialog,
  mark: MarkDialog,
  captions: CaptionsDialog,
  clear: ClearDialog,
};

export function Page(): JSX.Element {
  const app = useApp();
  const { items } = useWork();
  const dialog = useStore(app.dialog);
  const dropping = useIntake();
  useKeys(app);
  const Open = dialog === undefined ? undefined : DIALOGS[dialog];
  return (
    <div class={dropping ? "page dropping" : "page"}>
      <Header />
      <Banners />
      {items.length === 0 ? <StartScreen /> : <Workbench />}
      <NoticeBar />
      {Open !== undefined && <Open key={dialog} />}
      {dropping && <div class="drop-hint">Drop captions, links or pictures</div>}
    </div>
  );
}

function Workbench(): JSX.Element {
  const place = here(useWork());
  return (
    <div class="bench">
      <nav class="side only-wide" aria-label="Captions">
        <Queue />
      </nav>
      <main class="desk">
        {place !== undefined && (
          <>
            <CaptionCard place={place} />
            {place.mark === undefined ? (
              <NoNames id={place.item.id} />
            ) : (
              <MentionPanel place={{ ...place, mark: place.mark }} />
            )}
            <ActionBar />
          </>
        )}
      </main>
    </div>
  );
}

/** A caption in which nothing is marked: the names are still being found, or there are none, or finding failed. */
function NoNames({ id }: { readonly id: string }): JSX.Element {
  const app = useApp();
  const linking = useWork().linkings.get(id);
  const server = useStore(app.server);
  const isPaused = ["away", "busy", "refused"].includes(server.kind);
  if (linking?.status === "running" || (linking?.status === "waiting" && !isPaused)) {
    return <p class="verdict soft">Finding the names…</p>;
  }
  return (
    <section class="mention no-names">
      <h2>No names are marked</h2>
      <p class="soft">
        {linking?.status === "failed" && `The linker could not use this caption: ${linking.message}. `}
        {linking?.status === "waiting" && "The names will be found once the server answers. "}
        {linking?.status === "done" && "Names are found in English captions only, and not every one. "}
        Select a name in the text to mark it.
      </p>
      <button type="button" class="secondary" onClick={() => app.dialog.set("mark")}>
        Mark a name
      </button>{" "}
      <button type="button" class="secondary" onClick={() => app.dispatch({ kind: "find-names", item: id })}>
        Find names again
      </button>
    </section>
  );
}

function CaptionsDialog(): JSX.Element {
  const app = useApp();
  return (
    <Dialog title="Captions" wide>
      <Queue onGo={() => app.dialog.set(undefined)} />
    </Dialog>
  );
}

/** Files and text that are dropped on the page or pasted into it, wherever no field takes them. */
function useIntake(): boolean {
  const app = useApp();
  const [dropping, setDropping] = useState(false);
  useEffect(() => {
    const onOver = (event: DragEvent): void => {
      if (event.dataTransfer?.types.includes("Files") !== true) return;
      event.preventDefault();
      setDropping(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setDropping(false);
    };
    const onDrop = (event: DragEvent): void => {
      setDropping(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      void openFiles(app, files);
    };
    const onPaste = (event: ClipboardEvent): void => {
      const files = [...(event.clipboardData?.files ?? [])];
      const isField = event.target instanceof HTMLElement && event.target.closest("input, textarea") !== null;
      const text = event.clipboardData?.getData("text/plain") ?? "";
      if (files.length === 0 && (isField || text.trim() === "")) return;
      event.preventDefault();
      if (files.length > 0) void openFiles(app, files);
      else {
        app.draft.set({ ...app.draft.get(), text });
        if (app.work.get().items.length > 0) app.dialog.set("compose");
      }
    };
    addEventListener("dragover", onOver);
    addEventListener("dragleave", onLeave);
    addEventListener("drop", onDrop);
    addEventListener("paste", onPaste);
    return () => {
      removeEventListener("dragover", onOver);
      removeEventListener("dragleave", onLeave);
      removeEventListener("drop", onDrop);
      removeEventListener("paste", onPaste);
    };
  }, [app]);
  return dropping;
}
