import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { acceptThese } from "../app/index.js";
import { atLeast, isFiltering, undecidedNames } from "../review/index.js";
import { useApp, useStore, useWork } from "./context.js";
import { Dialog } from "./dialog.js";
import { CheckIcon } from "./icons.js";

/** Lets the reviewer accept all suggestions from a probability on, in one step that can be undone. */
export function AcceptAllDialog(): JSX.Element {
  const app = useApp();
  const work = useWork();
  const filter = useStore(app.filter);
  const [threshold, setThreshold] = useState(95);
  const undecided = useMemo(() => [...undecidedNames(work, filter)], [work, filter]);
  const names = atLeast(undecided, threshold / 100);
  const isCalibrated = undecided.some(({ link }) => link.probability !== null);
  const nil = names.filter(({ link }) => link.entity === null).length;
  return (
    <Dialog title="Accept confident suggestions">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          app.dialog.set(undefined);
          if (names.length > 0) acceptThese(app, names);
        }}
      >
        <label class="field threshold">
          <span>Accept suggestions with a probability of at least</span>
          <span class="field-row">
            <input
              autofocus
              type="number"
              inputmode="numeric"
              min={50}
              max={100}
              step={1}
              required
              value={threshold}
              onInput={({ currentTarget }) => setThreshold(currentTarget.valueAsNumber || 100)}
            />
            <span>%</span>
          </span>
        </label>
        <p role="status">
          {undecided.length > 0 && !isCalibrated ? (
            "The model of these links is not calibrated, so no suggestion has a probability."
          ) : (
            <>
              <strong>{names.length}</strong> of {undecided.length} undecided{" "}
              {undecided.length === 1 ? "name" : "names"}
              {isFiltering(filter) && " that the filter lists"}
              {nil > 0 && `, ${nil} of them as not in the knowledge base`}.
            </>
          )}
        </p>
        <p class="dialog-actions">
          <span class="soft">One undo takes all of them back.</span>
          <button type="submit" class="primary" disabled={names.length === 0}>
            <CheckIcon /> Accept {names.length}
          </button>
        </p>
      </form>
    </Dialog>
  );
}
