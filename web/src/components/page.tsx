import type { JSX } from "preact";
import { type DialogName, here } from "../app/index.js";
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
import { useIntake } from "./use-drop-and-paste.js";

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
