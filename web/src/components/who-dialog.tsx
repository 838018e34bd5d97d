import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useApp, useStore } from "./context.js";
import { Dialog } from "./dialog.js";

const MAX_NAME = 200;

/** Asks once for the reviewer's name, before the first decision, and then takes the decision. */
export function WhoDialog(): JSX.Element {
  const app = useApp();
  const [name, setName] = useState("");
  const answer = (reviewer: string): void => {
    app.preferences.set({ ...app.preferences.get(), reviewer });
    const take = app.waiting.get();
    app.waiting.set(undefined);
    app.dialog.set(undefined);
    take?.();
  };
  return (
    <Dialog title="Who is reviewing?">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          answer(name.trim());
        }}
      >
        <label class="field">
          <span>Your name or initials</span>
          <input
            autofocus
            autocomplete="name"
            maxLength={MAX_NAME}
            value={name}
            onInput={({ currentTarget }) => setName(currentTarget.value)}
          />
        </label>
        <p class="soft">
          Each decision records who made it and when, and the export contains these records. The page asks
          only this once; the settings change the name.
        </p>
        <p class="dialog-actions">
          <button type="button" class="quiet" onClick={() => answer("")}>
            Review without a name
          </button>
          <button type="submit" class="primary">
            Continue
          </button>
        </p>
      </form>
    </Dialog>
  );
}

/** A field in the settings that changes the reviewer's name. */
export function ReviewerField(): JSX.Element {
  const app = useApp();
  const preferences = useStore(app.preferences);
  return (
    <label class="field">
      <span>Your name, for the records of decisions</span>
      <input
        autocomplete="name"
        maxLength={MAX_NAME}
        value={preferences.reviewer ?? ""}
        onChange={({ currentTarget }) =>
          app.preferences.set({ ...app.preferences.get(), reviewer: currentTarget.value.trim() })
        }
      />
    </label>
  );
}
