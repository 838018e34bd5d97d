import type { JSX } from "preact";
import { accept, decide, goToUnsure, here } from "../app/index.js";
import { useApp, useWork } from "./context.js";
import { CheckIcon, NextIcon, NoneIcon, SearchIcon } from "./icons.js";

/** What can be done with the name under review; on a phone it stays at the lower edge. */
export function ActionBar(): JSX.Element | null {
  const app = useApp();
  const place = here(useWork());
  if (place?.mark === undefined) return null;
  return (
    <div class="actions" role="toolbar" aria-label="Decide">
      <button
        type="button"
        class="primary"
        aria-keyshortcuts="A"
        disabled={place.link === undefined}
        onClick={() => accept(app)}
      >
        <CheckIcon /> Accept <kbd>Enter</kbd>
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
