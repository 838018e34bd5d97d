import type { JSX } from "preact";
import { accept, currentPlace, type DialogName, decide, goToUnsure } from "../app/index.js";
import { CataloguesDialog } from "../catalogue/catalogues-dialog.js";
import { ImportDialog } from "../catalogue/import-dialog.js";
import { PicturesDialog } from "../catalogue/pictures-dialog.js";
import { StartScreen } from "../catalogue/start-screen.js";
import { TableDialog } from "../catalogue/table-dialog.js";
import { AcceptAllDialog } from "./accept-all-dialog.js";
import { Banners, NoticeBar, NoticeStatus } from "./banners.js";
import { CaptionCard } from "./caption-card.js";
import { ComposeDialog } from "./composer.js";
import { useApp, useIsPaused, useStore, useWork } from "./context.js";
import { Dialog } from "./dialog.js";
import { DoneCard } from "./done-card.js";
import { ExportDialog } from "./export-dialog.js";
import { Header } from "./header.js";
import { CheckIcon, NextIcon, NoneIcon, SearchIcon } from "./icons.js";
import { HelpDialog, useKeys } from "./keys.js";
import { MarkDialog } from "./mark-dialog.js";
import { MentionPanel } from "./mention-panel.js";
import { NewEntityDialog } from "./new-entity-dialog.js";
import { Queue } from "./queue.js";
import { CaptionCommentDialog, NameCommentDialog } from "./remarks.js";
import { SearchDialog } from "./search-dialog.js";
import { ClearDialog, SettingsDialog } from "./settings-dialog.js";
import { useDropAndPaste } from "./use-drop-and-paste.js";
import { WhoDialog } from "./who-dialog.js";

const DIALOGS: Readonly<Record<DialogName, () => JSX.Element>> = {
  search: SearchDialog,
  help: HelpDialog,
  settings: SettingsDialog,
  export: ExportDialog,
  compose: ComposeDialog,
  mark: MarkDialog,
  captions: CaptionsDialog,
  clear: ClearDialog,
  who: WhoDialog,
  "accept-all": AcceptAllDialog,
  comment: NameCommentDialog,
  "caption-comment": CaptionCommentDialog,
  "new-entity": NewEntityDialog,
  catalogues: CataloguesDialog,
  table: TableDialog,
  import: ImportDialog,
  pictures: PicturesDialog,
};

export function Page(): JSX.Element {
  const app = useApp();
  const { items } = useWork();
  const dialog = useStore(app.dialog);
  const dropping = useDropAndPaste();
  useKeys(app);
  const Open = dialog === undefined ? undefined : DIALOGS[dialog];
  return (
    <div class={dropping ? "page dropping" : "page"}>
      <Header />
      <Banners />
      <NoticeStatus />
      {items.length === 0 ? (
        <>
          <StartScreen />
          <NoticeBar />
        </>
      ) : (
        <Workbench />
      )}
      {Open !== undefined && <Open key={dialog} />}
      {dropping && items.length > 0 && dialog === undefined && (
        <div class="drop-hint">Drop captions, a spreadsheet, links or pictures</div>
      )}
    </div>
  );
}

function Workbench(): JSX.Element {
  const place = currentPlace(useWork());
  return (
    <div class="bench">
      <nav class="side only-wide" aria-label="Captions">
        <Queue />
      </nav>
      <main class="desk">
        {place !== undefined && (
          <>
            <DoneCard />
            <CaptionCard place={place} />
            {place.mark === undefined ? (
              <NoNames id={place.item.id} />
            ) : (
              <MentionPanel place={{ ...place, mark: place.mark }} />
            )}
            <div class="dock">
              <NoticeBar />
              <ActionBar />
            </div>
          </>
        )}
      </main>
    </div>
  );
}

/** Shows the actions for the current name. On a phone, they stay at the bottom of the screen. */
function ActionBar(): JSX.Element | null {
  const app = useApp();
  const place = currentPlace(useWork());
  if (place?.mark === undefined) return null;
  const isDecided = place.mark.gold !== undefined;
  return (
    <div class="actions" role="toolbar" aria-label="Decide">
      <button
        type="button"
        class="primary"
        aria-keyshortcuts="A"
        disabled={place.link === undefined && !isDecided}
        onClick={() => accept(app)}
      >
        {isDecided ? <NextIcon /> : <CheckIcon />} {isDecided ? "Continue" : "Accept"} <kbd>Enter</kbd>
      </button>
      <button
        type="button"
        class="secondary"
        aria-keyshortcuts="0"
        onClick={() => decide(app, { kind: "nil" })}
      >
        <NoneIcon /> <span class="long">Not in the knowledge base</span>
        <span class="short">NIL</span> <kbd>0</kbd>
      </button>
      <button type="button" class="secondary only-narrow" onClick={() => app.dialog.set("search")}>
        <SearchIcon /> Search
      </button>
      <button type="button" class="secondary" aria-keyshortcuts="N" onClick={() => goToUnsure(app)}>
        <span class="long">Next unsure</span>
        <span class="short">Next</span> <NextIcon /> <kbd>N</kbd>
      </button>
    </div>
  );
}

/** Shows why a caption has no marks: names are still being detected, no names were found, or linking failed. */
function NoNames({ id }: { readonly id: string }): JSX.Element {
  const app = useApp();
  const linking = useWork().linkings.get(id);
  const isPaused = useIsPaused();
  if (linking?.status === "running" || (linking?.status === "waiting" && !isPaused)) {
    return <p class="verdict soft">Detecting names…</p>;
  }
  return (
    <section class="mention no-names">
      <h2>No names are marked</h2>
      <p class="soft">
        {linking?.status === "failed" && `This caption could not be linked: ${linking.message}. `}
        {linking?.status === "waiting" && "Names will be detected when the server is available again. "}
        {linking?.status === "done" &&
          "No names were detected. Some names may be missed, especially in languages other than English. "}
        Select a name in the text to mark it.
      </p>
      <button type="button" class="secondary" onClick={() => app.dialog.set("mark")}>
        Mark a name
      </button>{" "}
      <button type="button" class="secondary" onClick={() => app.dispatch({ kind: "find-names", item: id })}>
        Detect names again
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
