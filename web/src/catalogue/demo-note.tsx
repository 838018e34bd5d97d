import type { JSX } from "preact";
import { useApp, useStore } from "../components/context.js";
import { currentCatalogue } from "./catalogues.js";
import { addCatalogue } from "./commands.js";

/** Says that the captions are linked with the demo's catalogue, and offers another one. */
export function DemoNote(): JSX.Element | null {
  const app = useApp();
  const state = useStore(app.desk.list.state);
  const { catalogue: chosen } = useStore(app.preferences);
  if (state.kind !== "ready" || currentCatalogue(state, chosen)?.name !== "demo") return null;
  const hasOthers = state.catalogues.length > 1;
  return (
    <p class="demo-note">
      Linked with the demo catalogue.{" "}
      {(hasOthers || state.writable) && (
        <button
          type="button"
          class="link"
          onClick={() => (hasOthers ? app.dialog.set("catalogues") : addCatalogue(app))}
        >
          {hasOthers ? "Use your own…" : "Add your own…"}
        </button>
      )}
    </p>
  );
}
