import type { JSX } from "preact";
import { useApp, useStore } from "../components/context.js";
import { CatalogueIcon } from "../components/icons.js";
import { currentCatalogue } from "./catalogues.js";
import { ImportPercent } from "./import-dialog.js";
import { isUnfinished } from "./importing.js";
import { count } from "./words.js";

/** Shows the catalogue in use and opens the list of catalogues. During an import, opens its progress instead. */
export function CatalogueButton(): JSX.Element {
  const app = useApp();
  const state = useStore(app.desk.list.state);
  const importing = useStore(app.desk.imports.state);
  const { catalogue: chosen } = useStore(app.preferences);
  const current = currentCatalogue(state, chosen);
  if (importing !== undefined && isUnfinished(importing)) {
    return (
      <button type="button" class="secondary catalogue-button" onClick={() => app.dialog.set("import")}>
        <CatalogueIcon />
        <span class="catalogue-title">Importing {importing.title}</span>
        <ImportPercent importing={importing} />
      </button>
    );
  }
  return (
    <button
      type="button"
      class="secondary catalogue-button"
      title="Choose a catalogue"
      onClick={() => app.dialog.set("catalogues")}
    >
      <CatalogueIcon />
      <span class="sr">Catalogue: </span>
      <span class="catalogue-title">
        <bdi>{current?.title ?? (state.kind === "loading" ? "Loading…" : "Catalogues")}</bdi>
      </span>
      {current !== undefined && <span class="soft only-wide">{count(current.entities, "entity")}</span>}
    </button>
  );
}
