import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ServerInfo } from "../api/index.js";
import { useApp, useStore, useWork } from "./context.js";
import { Dialog } from "./dialog.js";
import { ReviewerField } from "./who-dialog.js";

export function SettingsDialog(): JSX.Element {
  const app = useApp();
  const preferences = useStore(app.preferences);
  const { items } = useWork();
  const set = (change: Partial<typeof preferences>): void =>
    app.preferences.set({ ...preferences, ...change });
  return (
    <Dialog title="Settings">
      <Switch
        label="Single-key shortcuts (letters and digits)"
        checked={preferences.singleKeys}
        onChange={(singleKeys) => set({ singleKeys })}
      />
      <Switch
        label="Move to the next undecided name after a decision"
        checked={preferences.advance}
        onChange={(advance) => set({ advance })}
      />
      <ReviewerField />
      <TokenField />
      <About />
      {items.length > 0 && (
        <p class="danger-zone">
          <button type="button" class="secondary danger" onClick={() => app.dialog.set("clear")}>
            Remove all captions…
          </button>
        </p>
      )}
    </Dialog>
  );
}

interface SwitchProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

const Switch = ({ label, checked, onChange }: SwitchProps): JSX.Element => (
  <label class="switch">
    <input
      type="checkbox"
      checked={checked}
      onChange={({ currentTarget }) => onChange(currentTarget.checked)}
    />
    <span>{label}</span>
  </label>
);

function TokenField(): JSX.Element {
  const app = useApp();
  const token = useStore(app.token);
  const [text, setText] = useState(token ?? "");
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        app.token.set(text.trim() === "" ? undefined : text.trim());
        app.dialog.set(undefined);
      }}
    >
      <label for="token">Access token</label>
      <span class="field-row">
        <input
          id="token"
          type="password"
          autocomplete="off"
          value={text}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
        <button type="submit" class="secondary">
          Use token
        </button>
      </span>
      <span class="soft">
        Enter a token only if the server requires one. The token is deleted when this tab closes.
      </span>
    </form>
  );
}

function About(): JSX.Element {
  const app = useApp();
  const [info, setInfo] = useState<ServerInfo | string>("");
  useEffect(() => {
    const control = new AbortController();
    app.api.info(control.signal).then(setInfo, (error: unknown) => {
      if (!control.signal.aborted) setInfo(error instanceof Error ? error.message : String(error));
    });
    return () => control.abort();
  }, []);
  return (
    <p class="soft about-server">
      {typeof info === "string"
        ? info && `The server’s model is not known, because the request failed: ${info}.`
        : `Model ${info.model}, knowledge base ${info.kb}.`}
    </p>
  );
}

/** Asks for confirmation before removing all captions, which cannot be undone. */
export function ClearDialog(): JSX.Element {
  const app = useApp();
  const { items } = useWork();
  return (
    <Dialog title="Remove all captions?">
      <p>
        {items.length === 1
          ? "The caption and its decisions"
          : `All ${items.length} captions and their decisions`}{" "}
        will be deleted from this browser. This cannot be undone, so export them first if you need them.
      </p>
      <p class="dialog-actions">
        <button type="button" class="secondary" onClick={() => app.dialog.set("export")}>
          Export first
        </button>
        <button
          type="button"
          class="primary danger"
          onClick={() => {
            app.clear();
            app.dialog.set(undefined);
            app.notice.set({ text: "All captions removed.", tone: "done" });
          }}
        >
          Remove all
        </button>
      </p>
    </Dialog>
  );
}
